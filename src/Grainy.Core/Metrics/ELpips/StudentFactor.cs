namespace Grainy.Core.Metrics.ELpips;

/// <summary>How much wider than 1.96 standard errors a 95 % interval must be where the error itself is estimated from few numbers.</summary>
internal static class StudentFactor
{
    private const double Z = 1.959963984540054;

    /// <summary>
    /// The 97.5 % point of Student's distribution divided by that of the normal one, by the expansion in 1 / degrees (Abramowitz and Stegun 26.7.5): exact to a
    /// thousandth from 3 degrees on, 1 % too small at 2, and a tenth too small at 1, where no interval is worth much.
    /// </summary>
    public static double Of(double degrees)
    {
        var n = Math.Max(1, degrees);
        var (z3, z5, z7, z9) = (Math.Pow(Z, 3), Math.Pow(Z, 5), Math.Pow(Z, 7), Math.Pow(Z, 9));
        var t = Z + ((z3 + Z) / (4 * n))
            + (((5 * z5) + (16 * z3) + (3 * Z)) / (96 * n * n))
            + (((3 * z7) + (19 * z5) + (17 * z3) - (15 * Z)) / (384 * n * n * n))
            + (((79 * z9) + (776 * z7) + (1482 * z5) - (1920 * z3) - (945 * Z)) / (92160 * n * n * n * n));
        return t / Z;
    }
}
