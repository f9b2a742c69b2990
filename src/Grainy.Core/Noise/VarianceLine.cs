namespace Grainy.Core.Noise;

/// <summary>A straight line through bins of variance: weighted least squares, robust against single bins that hold texture (Tukey's bisquare).</summary>
internal static class VarianceLine
{
    /// <summary>Fewer bins say nothing about a line and its error.</summary>
    public const int LeastBins = 4;

    private const int Rounds = 20;
    private const double Bisquare = 4.685;

    /// <summary>The curve; null where there are too few bins or all have the same mean.</summary>
    public static VarianceCurve? Fit(IReadOnlyList<VarianceBin> bins)
    {
        if (bins.Count < LeastBins || bins[^1].Mean - bins[0].Mean <= 1e-9 * Math.Abs(bins[^1].Mean))
        {
            return null;
        }

        var typical = bins.Select(bin => bin.Variance).Order().ElementAt(bins.Count / 2);
        if (typical <= 0)
        {
            return null;
        }

        // The error of a variance is a share of the variance itself. Taking that of the line, not of the noisy bin, keeps low bins from pulling the line down.
        double a = 0, b = typical;
        var robust = bins.Select(_ => 1.0).ToArray();
        Sums sums = default;
        for (var round = 0; round < Rounds; round++)
        {
            sums = default;
            for (var i = 0; i < bins.Count; i++)
            {
                var error = ErrorOf(bins[i], a, b, typical);
                sums.Add(bins[i].Mean, bins[i].Variance, robust[i] / (error * error));
            }

            (a, b) = sums.Solve();
            var standardised = bins.Select(bin => Math.Abs(bin.Variance - (a * bin.Mean) - b) / ErrorOf(bin, a, b, typical)).ToArray();
            var scale = Math.Max(1, standardised.Order().ElementAt(bins.Count / 2) / 0.6745);
            robust = [.. standardised.Select(z => z < Bisquare * scale ? Math.Pow(1 - Math.Pow(z / (Bisquare * scale), 2), 2) : 0)];
        }

        var chi = 0.0;
        var total = 0.0;
        var scatter = 0.0;
        var mean = sums.MeanValue;
        for (var i = 0; i < bins.Count; i++)
        {
            var error = ErrorOf(bins[i], a, b, typical);
            var off = bins[i].Variance - (a * bins[i].Mean) - b;
            chi += robust[i] * off * off / (error * error);
            total += robust[i] * Math.Pow((bins[i].Variance - mean) / error, 2);
            scatter += Math.Pow(off / Math.Max((a * bins[i].Mean) + b, 0.05 * typical), 2);
        }

        var inflation = Math.Sqrt(Math.Max(1, chi / Math.Max(1, robust.Sum() - 2)));
        var (aError, bError) = sums.Errors();
        return new VarianceCurve(
            bins, a, aError * inflation, b, bError * inflation, total > 0 ? Math.Clamp(1 - (chi / total), 0, 1) : 0, Math.Sqrt(scatter / bins.Count));
    }

    // A bin without any variance has no error to go by; it gets that of so many independent samples.
    private static double ErrorOf(VarianceBin bin, double a, double b, double typical) =>
        (bin.Variance > 0 ? bin.StandardError / bin.Variance : Math.Sqrt(2.0 / bin.Samples)) * Math.Max((a * bin.Mean) + b, 0.05 * typical);

    private record struct Sums(double W, double X, double Y, double XX, double XY)
    {
        public readonly double MeanValue => Y / W;

        public void Add(double x, double y, double weight) =>
            (W, X, Y, XX, XY) = (W + weight, X + (weight * x), Y + (weight * y), XX + (weight * x * x), XY + (weight * x * y));

        public readonly (double A, double B) Solve()
        {
            var determinant = (W * XX) - (X * X);
            return determinant > 0 ? (((W * XY) - (X * Y)) / determinant, ((XX * Y) - (X * XY)) / determinant) : (0, Y / W);
        }

        public readonly (double A, double B) Errors()
        {
            var determinant = (W * XX) - (X * X);
            return determinant > 0 ? (Math.Sqrt(W / determinant), Math.Sqrt(XX / determinant)) : (double.PositiveInfinity, double.PositiveInfinity);
        }
    }
}
