namespace Grainy.Core.Denoising;

/// <summary>Names of what a blind-spot network predicts beside the mean of a pixel.</summary>
public static class CovarianceKinds
{
    /// <summary>The covariance between the channels.</summary>
    public const string Full = "full";

    /// <summary>The variance of each channel; about 0.9 dB worse on photographs.</summary>
    public const string Diagonal = "diagonal";

    /// <summary>Nothing: the mean alone is the result, the pixel's own value is not put back.</summary>
    public const string None = "none";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Full, Diagonal, None];
}
