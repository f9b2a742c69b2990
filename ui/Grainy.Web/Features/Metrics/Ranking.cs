using Grainy.Contracts.Metrics;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Metrics;

/// <summary>What a sentence about an order says.</summary>
public enum VerdictKind
{
    /// <summary>Metrics contradict each other.</summary>
    Disagreement,

    /// <summary>Metrics say the same.</summary>
    Agreement,

    /// <summary>An estimate tells two apart.</summary>
    Clear,

    /// <summary>An estimate does not tell two apart.</summary>
    TooClose,
}

/// <summary>A sentence about an order.</summary>
public sealed record Verdict(VerdictKind Kind, string Text);

/// <summary>Two values of one metric, the closer one first.</summary>
/// <param name="Difference">At least 0.</param>
/// <param name="Error">Standard error of the difference; null for exact metrics.</param>
/// <param name="Paired">True when both were measured under the same transforms.</param>
public sealed record Duel(ComparisonCell Better, ComparisonCell Worse, double Difference, double? Error, bool Paired)
{
    /// <summary>True when the order is no accident: two standard errors, or any difference of exact values beyond rounding.</summary>
    public bool IsClear => Error is { } error ? Difference > 2 * error : Difference > 1e-7 * Math.Max(1e-3, Math.Abs(Worse.Score!.Value));
}

/// <summary>Orders of candidates, and where metrics agree or contradict each other. Only differences beyond doubt count as an order.</summary>
internal static class Ranking
{
    /// <summary>Cells with a value, the closest first.</summary>
    public static IReadOnlyList<ComparisonCell> Order(string metric, IEnumerable<ComparisonCell> cells)
    {
        var valued = cells.Where(cell => cell.Score is not null);
        return [.. ScoreText.HigherIsCloser(metric) ? valued.OrderByDescending(cell => cell.Score!.Value) : valued.OrderBy(cell => cell.Score!.Value)];
    }

    /// <summary>Compares two cells of one metric.</summary>
    public static Duel Compare(ComparisonCell better, ComparisonCell worse)
    {
        var gap = better.Gap?.Other == worse.Pair ? better.Gap : null;
        if (gap is not null && double.IsFinite(gap.StandardError))
        {
            return new Duel(better, worse, Math.Abs(gap.Difference), gap.StandardError, Paired: true);
        }

        var (a, b) = (better.Score!, worse.Score!);
        var difference = a.Value.Equals(b.Value) ? 0 : Math.Abs(a.Value - b.Value);
        double? error = a.StandardError is null && b.StandardError is null ? null : Math.Sqrt(Square(a.StandardError) + Square(b.StandardError));
        return new Duel(better, worse, difference, error, Paired: false);

        static double Square(double? value) => (value ?? 0) * (value ?? 0);
    }

    /// <summary>Sentences about all metrics whose values are there, contradictions first.</summary>
    public static IReadOnlyList<Verdict> Verdicts(IReadOnlyList<string> metrics, Func<string, IEnumerable<ComparisonCell>> column, Func<int, string> nameOf)
    {
        var orders = metrics.Select(metric => (Metric: metric, Cells: column(metric).Where(cell => cell.State != CellState.Failed || cell.Score is not null).ToArray()))
            .Where(order => order.Cells.Length > 1 && order.Cells.All(cell => cell.Score is not null))
            .Select(order => (order.Metric, Order: Order(order.Metric, order.Cells)))
            .ToArray();
        var first = orders.Select(order => (order.Metric, Duel: Compare(order.Order[0], order.Order[1]))).ToArray();
        var verdicts = new List<Verdict>();
        if (Together(orders, [.. first.Where(leader => leader.Duel.IsClear)], nameOf) is { } verdict)
        {
            verdicts.Add(verdict);
        }

        verdicts.AddRange(first.Where(leader => leader.Duel.Error is not null).Select(leader => Of(leader.Metric, leader.Duel, nameOf)));
        return verdicts;
    }

    private static Verdict? Together(
        (string Metric, IReadOnlyList<ComparisonCell> Order)[] orders, (string Metric, Duel Duel)[] clear, Func<int, string> nameOf)
    {
        var winners = clear.GroupBy(leader => leader.Duel.Better.Pair).ToArray();
        if (winners.Length > 1)
        {
            var sides = winners.Select(side => Puts([.. side.Select(leader => leader.Metric)], $"“{nameOf(side.Key)}” first"));
            return new Verdict(VerdictKind.Disagreement, $"The metrics disagree: {string.Join("; ", sides)}.");
        }

        if (clear.Length < 2)
        {
            return null;
        }

        var best = nameOf(winners[0].Key);
        return Inversion(orders) is var (before, after, one, other)
            ? new Verdict(
                VerdictKind.Disagreement,
                $"The metrics agree on “{best}” as the closest, but not on the rest: {Words.Metric(one)} puts “{nameOf(before)}” before “{nameOf(after)}”, "
                + $"{Words.Metric(other)} the other way round.")
            : new Verdict(VerdictKind.Agreement, $"{Puts([.. clear.Select(leader => leader.Metric)], $"“{best}” first")}.");
    }

    /// <summary>Two that stand in one order by one metric and in the other by another, both beyond doubt.</summary>
    private static (int Before, int After, string One, string Other)? Inversion((string Metric, IReadOnlyList<ComparisonCell> Order)[] orders)
    {
        var seen = new Dictionary<(int, int), string>();
        foreach (var (metric, order) in orders)
        {
            for (var i = 0; i < order.Count; i++)
            {
                foreach (var worse in order.Skip(i + 1).Where(worse => Compare(order[i], worse).IsClear))
                {
                    var (before, after) = (order[i].Pair, worse.Pair);
                    if (seen.TryGetValue((after, before), out var other))
                    {
                        return (after, before, other, metric);
                    }

                    seen.TryAdd((before, after), metric);
                }
            }
        }

        return null;
    }

    private static Verdict Of(string metric, Duel duel, Func<int, string> nameOf)
    {
        var (a, b) = (nameOf(duel.Better.Pair), nameOf(duel.Worse.Pair));
        var difference = $"{ScoreText.Number(metric, duel.Difference)} ± {ScoreText.Number(metric, duel.Error!.Value)}{(duel.Paired ? " under the same transforms" : "")}";
        return duel.IsClear
            ? new Verdict(VerdictKind.Clear, $"{Words.Metric(metric)}: “{a}” is closer than “{b}”, difference {difference}.")
            : new Verdict(VerdictKind.TooClose, $"{Words.Metric(metric)}: too close to call between “{a}” and “{b}”, difference {difference}. Refine to tell them apart.");
    }

    private static string Puts(IReadOnlyList<string> metrics, string what)
    {
        var names = metrics.Select(Words.Metric).ToArray();
        return names.Length == 1 ? $"{names[0]} puts {what}" : $"{string.Join(", ", names[..^1])} and {names[^1]} put {what}";
    }
}
