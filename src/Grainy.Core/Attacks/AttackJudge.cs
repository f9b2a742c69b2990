using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Psnr;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;

namespace Grainy.Core.Attacks;

/// <summary>Asks every metric what it says of the rounded picture and of the anchor, with seeds that the search never saw.</summary>
internal sealed class AttackJudge(AttackProblem problem, MetricCatalog catalog)
{
    /// <summary>From this ratio on, a change that nobody sees counts as pushed apart.</summary>
    public const double ApartFrom = 2;

    private readonly Dictionary<string, string> _notAsked = new(StringComparer.Ordinal);
    private readonly List<AttackVerdict> _verdicts = [];

    /// <summary>Seed of all measurements.</summary>
    public ulong Seed { get; } = new SeedSequence(problem.Settings.Seed).Derive("attack verdict") & long.MaxValue;

    /// <summary>Complete after <see cref="Judge"/>.</summary>
    public IReadOnlyList<AttackVerdict> Verdicts => _verdicts;

    /// <summary>Metrics that could not be asked, with the reason.</summary>
    public IReadOnlyDictionary<string, string> NotAsked => _notAsked;

    /// <summary>Metrics in the order in which they are asked.</summary>
    public static IReadOnlyList<(string Name, AttackRole Role)> Asked(AttackSettings settings, MetricCatalog catalog)
    {
        var known = settings.Metrics.Concat(settings.Held).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. settings.Metrics.Select(name => (name, AttackRole.Attacked)),
            .. settings.Held.Select(name => (name, AttackRole.Held)),
            .. (settings.Witnesses ?? catalog.Names).Where(name => !known.Contains(name)).Select(name => (name, AttackRole.Witness)),
        ];
    }

    /// <summary>Measures; each step of the iterator is one slice and gives what it has cost, in passes of a network.</summary>
    public IEnumerable<double> Judge(ImageBuffer exact, ImageBuffer rounded, CancellationToken ct)
    {
        var nearer = problem.Target is null || PsnrMetric.Between(rounded, problem.Target) > PsnrMetric.Between(rounded, problem.Reference);
        foreach (var (name, role) in Asked(problem.Settings, catalog))
        {
            if (!catalog.IsAvailable(name, out var why))
            {
                _notAsked[name] = why!;
                continue;
            }

            ImageBuffer[] pictures = role == AttackRole.Witness || IsEnsemble(name) ? [rounded, problem.Anchor] : [rounded, problem.Anchor, exact];
            MetricBatch? last = null;
            foreach (var batch in Measure(name, role, pictures, ct))
            {
                yield return AttackCost.Forward(name) * (Drawn(batch) - (last is null ? 0 : Drawn(last)));
                last = batch;
            }

            if (last is not null)
            {
                _verdicts.Add(Verdict(name, role, last, nearer));
            }
        }
    }

    private static int Drawn(MetricBatch batch) => batch.Results.Sum(result => result.Samples);

    private bool IsEnsemble(string name) => problem.Metrics.Any(metric => metric.Name == name && metric.IsRandom);

    private IEnumerable<MetricBatch> Measure(string name, AttackRole role, ImageBuffer[] pictures, CancellationToken ct)
    {
        using var metric = catalog.Create(name);
        var options = new MetricOptions { Samples = problem.Settings.VerdictSamples, Seed = Seed };
        using var measuring = metric.MeasureMany(problem.Reference, pictures, options, ct).GetEnumerator();
        while (Moves(measuring, name, role))
        {
            yield return measuring.Current;
        }
    }

    // A witness that cannot be asked, for example because the pictures are too small for it, must not spoil the verdict.
    private bool Moves(IEnumerator<MetricBatch> measuring, string name, AttackRole role)
    {
        try
        {
            return measuring.MoveNext();
        }
        catch (Exception refusal) when (role == AttackRole.Witness && refusal is MetricInputException or WeightFormatException)
        {
            _notAsked[name] = refusal.Message;
            return false;
        }
    }

    private AttackVerdict Verdict(string name, AttackRole role, MetricBatch batch, bool nearer)
    {
        var results = batch.Results;
        var (picture, anchor) = (MetricDistance.Of(results[0]), MetricDistance.Of(results[1]));
        var ratio = picture / anchor;
        var error = RatioError(batch, ratio);
        double? exact = results.Count > 2 ? MetricDistance.Of(results[2]) / anchor : null;
        var outcome = problem.Settings.Goal == AttackGoal.Approach ? Approached(ratio, error ?? 0, nearer) : PushedApart(ratio, error ?? 0);
        return new AttackVerdict(name, role, results[0], results[1], ratio, error, exact, outcome);
    }

    // Var(p / a) ≈ (p / a)²·(var p / p² + var a / a² − 2 cov / (p·a)), with the covariance from the difference where both went through the same transforms.
    private static double? RatioError(MetricBatch batch, double ratio)
    {
        if (batch.Results[0] is not { StandardError: { } first, Value: var picture } || batch.Results[1] is not { StandardError: { } second, Value: var anchor })
        {
            return null;
        }

        var covariance = batch.Differences is [{ StandardError: var paired }] && double.IsFinite(paired)
            ? ((first * first) + (second * second) - (paired * paired)) / 2
            : 0;
        var relative = Math.Pow(first / picture, 2) + Math.Pow(second / anchor, 2) - (2 * covariance / (picture * anchor));
        return Math.Abs(ratio) * Math.Sqrt(Math.Max(0, relative));
    }

    // A picture nearer to the reference than to the target fools nobody, whatever a metric says of it.
    private static AttackOutcome Approached(double ratio, double error, bool nearer) =>
        !nearer || ratio - (1.96 * error) > 1 ? AttackOutcome.Holds : ratio + (1.96 * error) <= 1 ? AttackOutcome.Fooled : AttackOutcome.Undecided;

    private static AttackOutcome PushedApart(double ratio, double error) =>
        ratio - (1.96 * error) >= ApartFrom ? AttackOutcome.Fooled : ratio + (1.96 * error) < ApartFrom ? AttackOutcome.Holds : AttackOutcome.Undecided;
}
