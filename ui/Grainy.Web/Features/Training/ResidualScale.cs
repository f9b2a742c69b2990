using Grainy.Contracts.Training;

namespace Grainy.Web.Features.Training;

/// <summary>How strong the picture of what was taken out is drawn: mid-grey is no change, black and white are four standard deviations.</summary>
internal static class ResidualScale
{
    private const double Least = 0.5 / 255;

    /// <summary>The difference that is drawn white.</summary>
    public static double Of(TrustReport trust) => Math.Max(Least, 4 * trust.Sigma);

    /// <summary>The scale for people.</summary>
    public static string Words(TrustReport trust)
    {
        var reach = Shared.Words.Number(Of(trust) * 255, "0.0");
        return $"noisy minus denoised; grey is no change, white +{reach} and black −{reach} of 255, or more";
    }
}
