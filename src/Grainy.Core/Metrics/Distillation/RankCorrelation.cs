namespace Grainy.Core.Metrics.Distillation;

/// <summary>Spearman's rank correlation: Pearson's, of the ranks; equal values share the mean of their ranks.</summary>
internal static class RankCorrelation
{
    public static double Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var (p, q) = (Ranks(x), Ranks(y));
        var (meanP, meanQ) = (p.Average(), q.Average());
        double product = 0, squareP = 0, squareQ = 0;
        for (var i = 0; i < p.Length; i++)
        {
            product += (p[i] - meanP) * (q[i] - meanQ);
            squareP += (p[i] - meanP) * (p[i] - meanP);
            squareQ += (q[i] - meanQ) * (q[i] - meanQ);
        }

        return product / Math.Sqrt(squareP * squareQ);
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (var from = 0; from < order.Length;)
        {
            var to = from + 1;
            while (to < order.Length && values[order[to]] == values[order[from]])
            {
                to++;
            }

            for (var i = from; i < to; i++)
            {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }

            from = to;
        }

        return ranks;
    }
}
