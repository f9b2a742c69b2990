namespace Grainy.Core.Noise;

/// <summary>How much the noise of a pixel resembles that of its neighbours: 0 at every lag for white noise.</summary>
/// <param name="Lags">All lags up to <see cref="Range"/> on either axis, each pair of opposite lags once.</param>
/// <param name="ChannelCorrelation">Mean correlation of the noise of different channels at the same pixel; null for grey images.</param>
/// <param name="Sigma">Standard deviation of all that was correlated, on the image's own scale; unlike that of high-pass filters it holds coarse grain too.</param>
/// <param name="Samples">Pixels behind the values.</param>
public sealed record Autocorrelation(IReadOnlyList<LagCorrelation> Lags, double? ChannelCorrelation, double Sigma, int Samples)
{
    /// <summary>The farthest lag on either axis, in pixels.</summary>
    public const int Range = 3;

    /// <summary>A correlation that matters: below it, networks that assume independent pixels lose little.</summary>
    public const double Limit = 0.1;

    /// <summary>
    /// Standard errors by which a correlation must stand out besides. White noise passes it at one of the 24 lags by chance once in 6,000 images.
    /// </summary>
    public const double Significance = 4.5;

    /// <summary>The lag with the largest magnitude.</summary>
    public LagCorrelation Strongest => Lags.MaxBy(lag => Math.Abs(lag.Value))!;

    /// <summary>True when some lag is above <see cref="Limit"/> and stands out of chance: methods that predict a pixel from its neighbours will keep the noise.</summary>
    public bool IsCorrelated => Lags.Any(Matters);

    /// <summary>
    /// Pixels on either side that a blind spot must hide so that none of the visible ones matters; 0 for white noise, <see cref="Range"/> where it may be more.
    /// </summary>
    public int HoleRadius => Lags.Where(Matters).Select(lag => Math.Max(Math.Abs(lag.Dx), lag.Dy)).DefaultIfEmpty(0).Max();

    /// <summary>True when the noise is correlated along rows only, as by line-wise scanning and read-out.</summary>
    public bool IsHorizontal => IsCorrelated && Lags.Where(Matters).All(lag => lag.Dy == 0);

    /// <summary>True when the noise is correlated along columns only.</summary>
    public bool IsVertical => IsCorrelated && Lags.Where(Matters).All(lag => lag.Dx == 0);

    /// <summary>The correlation at a lag within <see cref="Range"/>; 1 at lag (0, 0).</summary>
    public double At(int dx, int dy)
    {
        var (x, y) = dy < 0 || (dy == 0 && dx < 0) ? (-dx, -dy) : (dx, dy);
        return (x, y) == (0, 0) ? 1 : Lags.First(lag => (lag.Dx, lag.Dy) == (x, y)).Value;
    }

    private static bool Matters(LagCorrelation lag) => Math.Abs(lag.Value) > Limit && Math.Abs(lag.Value) > Significance * lag.StandardError;
}

/// <summary>Correlation at one lag.</summary>
/// <param name="Dx">Columns to the right, −3 to 3.</param>
/// <param name="Dy">Rows down, 0 to 3.</param>
/// <param name="Value">In [−1, 1] up to chance.</param>
/// <param name="StandardError">Under the hypothesis that the noise is white.</param>
public sealed record LagCorrelation(int Dx, int Dy, double Value, double StandardError);
