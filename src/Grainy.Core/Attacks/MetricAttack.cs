using System.Diagnostics;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Psnr;
using Grainy.Core.Tensors;

namespace Grainy.Core.Attacks;

/// <summary>
/// A laboratory for attacks on metrics (as in Kettunen 2019, section 5): pictures that a metric calls near to the reference although they show something else, or far
/// from it although they look the same. The verdict asks all metrics, with seeds that the search did not see.
/// </summary>
public static class MetricAttack
{
    private const int SmallestSide = 32;
    private const int MostCheckpoints = 12;

    /// <summary>
    /// Runs an attack on the device thread; every step of the iterator is one short slice, the last update holds the report. The same input and seed give the
    /// same picture on the same device. All pictures are taken as RGB, clipped to [0, 1], shrunk if asked, and rounded to 8 bits.
    /// </summary>
    /// <param name="reference">What distances are measured to.</param>
    /// <param name="target">What the picture should look like, of the same size; null with <see cref="AttackGoal.PushApart"/>.</param>
    /// <param name="anchor">How far is near, of the same size; null: the reference with noise.</param>
    /// <param name="settings">What to attack and how.</param>
    /// <param name="catalog">Metrics and their weights.</param>
    /// <param name="ct">Ends the attack at its next slice.</param>
    /// <exception cref="MetricInputException">The images or metrics cannot be used; one sentence says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside of its range.</exception>
    /// <exception cref="Weights.WeightFormatException">Weights of an attacked metric are missing or damaged.</exception>
    public static IEnumerable<AttackUpdate> Run(
        ImageBuffer reference, ImageBuffer? target, ImageBuffer? anchor, AttackSettings settings, MetricCatalog catalog, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(catalog);
        RequireMetrics(settings.Validated(), catalog);
        RequirePictures(reference, target, anchor, settings);
        var prepared = AttackProblem.Prepared(reference, settings.Size);
        var goal = target is null ? null : AttackProblem.Prepared(target, settings.Size);
        var near = anchor is null ? AttackProblem.NoisyAnchor(prepared, settings) : AttackProblem.Prepared(anchor, settings.Size);
        RequireDifferent(prepared, goal, near);
        foreach (var name in settings.Metrics.Concat(settings.Held))
        {
            using var metric = catalog.Create(name);
            metric.Input.Require(prepared, near, name, new MetricOptions());
        }

        return Iterate(settings, prepared, goal, near, catalog, ct);
    }

    private static IEnumerable<AttackUpdate> Iterate(
        AttackSettings settings, ImageBuffer reference, ImageBuffer? target, ImageBuffer anchor, MetricCatalog catalog, CancellationToken ct)
    {
        using var problem = AttackProblem.Load(settings, reference, target, anchor, catalog);
        var progress = new AttackProgress(problem, catalog);
        foreach (var update in Limits(problem, progress, ct))
        {
            yield return update;
        }

        var start = Stopwatch.GetTimestamp();
        using var search = new AttackSearch(problem);
        foreach (var update in Search(problem, search, progress, ct))
        {
            yield return update;
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var exact = search.Picture();
        var rounded = EightBit.Rounded(exact);
        var judge = new AttackJudge(problem, catalog);
        foreach (var cost in judge.Judge(exact, rounded, ct))
        {
            yield return progress.Judging(cost, search, exact);
        }

        var report = new AttackReport
        {
            Settings = settings,
            Reference = reference,
            Target = target,
            Anchor = anchor,
            Exact = exact,
            Picture = rounded,
            PsnrToTarget = target is null ? null : PsnrMetric.Between(rounded, target),
            PsnrToReference = PsnrMetric.Between(rounded, reference),
            AnchorPsnr = PsnrMetric.Between(anchor, reference),
            ConstraintsHeld = search.IsFeasible,
            SearchRatios = search.Ratios,
            VerdictSeed = judge.Seed,
            Verdicts = judge.Verdicts,
            NotAsked = judge.NotAsked,
            Sentences = [],
            SearchSeconds = seconds,
        };
        yield return progress.Done(search, report with { Sentences = AttackSentences.Of(report) });
    }

    private static IEnumerable<AttackUpdate> Limits(AttackProblem problem, AttackProgress progress, CancellationToken ct)
    {
        using var anchor = problem.Anchor.ToTensor().DetachFromDisposeScope(); // it outlives the slice
        foreach (var metric in problem.Metrics)
        {
            foreach (var (draw, weight) in metric.Draws)
            {
                ct.ThrowIfCancellationRequested();
                metric.AnchorDistance += weight * metric.Measure(anchor, draw);
                yield return progress.Preparing(metric);
            }

            if (!(metric.AnchorDistance > 1e-12))
            {
                throw new MetricInputException($"{metric.Name} sees no difference between the anchor and the reference: take more noise or another anchor.");
            }
        }
    }

    private static IEnumerable<AttackUpdate> Search(AttackProblem problem, AttackSearch search, AttackProgress progress, CancellationToken ct)
    {
        var steps = problem.Settings.Steps;
        var snapshots = Enumerable.Range(0, problem.Settings.Snapshots).Select(i => Math.Max(1, steps >> i)).ToHashSet();
        // With random distances a picture is judged by many draws, so only now and then, and late: the last steps are the small ones.
        var checkpoints = search.IsRandom ? Enumerable.Range(0, Math.Min(MostCheckpoints, steps / 50)).Select(i => steps - (i * steps / 30)) : [];
        HashSet<int> assessed = [steps, .. checkpoints];
        foreach (var stop in snapshots.Concat(assessed).Distinct().Order())
        {
            while (search.StepsDone < stop)
            {
                search.Advance(stop, ct);
                yield return progress.Searching(search, null);
            }

            if (assessed.Contains(stop))
            {
                foreach (var _ in search.Assess())
                {
                    ct.ThrowIfCancellationRequested();
                    yield return progress.Searching(search, null);
                }
            }

            if (snapshots.Contains(stop))
            {
                yield return progress.Searching(search, search.Picture());
            }
        }
    }

    private static void RequireMetrics(AttackSettings settings, MetricCatalog catalog)
    {
        var named = settings.Metrics.Concat(settings.Held).ToArray();
        if (settings.Metrics.Count == 0)
        {
            throw new MetricInputException($"No metric is named; choose of {string.Join(", ", catalog.Names.Where(AttackTerms.HasGradient))}.");
        }

        if (named.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new MetricInputException($"{twice.Key} is named twice: name each metric once, either to attack it or to hold it.");
        }

        foreach (var name in named)
        {
            AttackTerms.Require(name, catalog);
        }

        if (settings.Witnesses?.FirstOrDefault(name => !catalog.Names.Contains(name)) is { } unknown)
        {
            throw new MetricInputException($"There is no metric '{unknown}' to ask; choose of {string.Join(", ", catalog.Names)}.");
        }
    }

    private static void RequirePictures(ImageBuffer reference, ImageBuffer? target, ImageBuffer? anchor, AttackSettings settings)
    {
        if (target is null == (settings.Goal == AttackGoal.Approach))
        {
            throw new MetricInputException(target is null
                ? "There is no target: name the image that the picture should look like, or push the picture apart from its reference."
                : "A picture that is pushed apart from its reference has no target: leave the second image out.");
        }

        foreach (var other in new[] { reference, target, anchor, settings.Start })
        {
            if (other is not null)
            {
                MetricInput.Photographs(SmallestSide).Require(reference, other, "an attack", new MetricOptions());
            }
        }

        if (settings.Size is null && Math.Max(reference.Width, reference.Height) > AttackSettings.LargestSide)
        {
            throw new MetricInputException(
                $"The images are {reference.Width} × {reference.Height}, and an attack takes at most {AttackSettings.LargestSide} pixels on each side: crop or shrink them.");
        }

        if (settings.Size is { } size && size * (long)Math.Min(reference.Width, reference.Height) / Math.Max(reference.Width, reference.Height) < SmallestSide)
        {
            throw new MetricInputException($"At a longer side of {size} pixels the shorter one has fewer than {SmallestSide}: choose a larger size.");
        }
    }

    private static void RequireDifferent(ImageBuffer reference, ImageBuffer? target, ImageBuffer anchor)
    {
        if (target is not null && reference.Planes.AsSpan().SequenceEqual(target.Planes))
        {
            throw new MetricInputException("The target is the same picture as the reference, so there is nothing to find: choose another target.");
        }

        if (reference.Planes.AsSpan().SequenceEqual(anchor.Planes))
        {
            throw new MetricInputException("The anchor is the same picture as the reference, so no other picture is as near: take more noise or another anchor.");
        }
    }
}
