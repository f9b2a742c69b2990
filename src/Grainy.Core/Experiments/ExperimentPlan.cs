using Grainy.Core.Denoising;
using Grainy.Core.Training;

namespace Grainy.Core.Experiments;

/// <summary>The trainings of an experiment. All that are compared have the same steps, crops and frozen noise.</summary>
public sealed class ExperimentPlan
{
    private static readonly double[] Shifts = [0, 0.25, 0.5, 1];
    private static readonly double[] Drifts = [0, 2, 5, 10];
    private static readonly double[] MaskedPercents = [0.2, 1.5, 6];
    private const int MeanFrames = 16;

    private readonly ExperimentScenes _scenes;
    private readonly ExperimentPreset _preset;
    private readonly ulong _seed;

    private ExperimentPlan(ExperimentScenes scenes, ExperimentPreset preset, ulong seed) => (_scenes, _preset, _seed) = (scenes, preset, seed);

    // The first scenes are for measuring, the others for learning.
    private int Available => _scenes.Count - _preset.TestScenes;

    /// <summary>All trainings, in the order in which they should run.</summary>
    /// <exception cref="ArgumentException">Too few scenes or frames: one sentence for people.</exception>
    public static IReadOnlyList<ExperimentCase> Of(ExperimentKind kind, ExperimentScenes scenes, ExperimentPreset preset, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(scenes);
        ArgumentNullException.ThrowIfNull(preset);
        var plan = new ExperimentPlan(scenes, preset, seed);
        if (plan.Available < 1)
        {
            throw new ArgumentException(
                $"The images give {scenes.Count} scenes of {preset.SceneSide} × {preset.SceneSide} pixels, but {preset.TestScenes} are kept for measuring: give more or larger images, or a smaller preset.");
        }

        var cases = Enumerable.Range(1, preset.Repeats).SelectMany(repeat => kind switch
        {
            ExperimentKind.Budget => plan.Budget(repeat).Concat(plan.Prices(repeat)),
            ExperimentKind.Pairs => plan.Pairs(repeat),
            _ => plan.Supervision(repeat),
        }).ToArray();
        return cases.Length > 0 ? cases : throw new ArgumentException("The images give too few scenes or frames for any comparison of this preset; give more.");
    }

    private IEnumerable<ExperimentCase> Budget(int repeat)
    {
        foreach (var frames in _preset.Splits.Where(frames => _preset.Frames / frames <= Available && frames <= _scenes.Frames - 1))
        {
            var count = _preset.Frames / frames;
            yield return Case("C", "all pairs (noise2noise)", frames, repeat, TrainingMethods.Noise2Noise, () => Scenes(repeat, count, frames));
            yield return Case("C", "one against the mean of the others (noise2clean)", frames, repeat, TrainingMethods.Noise2Clean,
                () => [.. Numbers(repeat, count).Select(scene => new TrainingScene([_scenes.Frame(scene, 0)], _scenes.Mean(scene, 1, frames - 1)))]);
            yield return Case("C", "every frame alone (blind-spot)", frames, repeat, TrainingMethods.BlindSpot, () => Scenes(repeat, count, frames));
        }
    }

    // Clean images are to be had at a price: the dearer, the fewer scenes the budget buys. Pairs cost two exposures, whatever a clean image costs.
    private IEnumerable<ExperimentCase> Prices(int repeat)
    {
        if (_scenes.Clean(0) is null || _preset.Frames / 2 > Available)
        {
            yield break;
        }

        yield return Case("D", ExperimentRun.PairsAtAnyPrice, 1, repeat, TrainingMethods.Noise2Noise, () => Scenes(repeat, _preset.Frames / 2, 2));
        foreach (var price in _preset.Costs.Where(price => price + 1 <= _preset.Frames))
        {
            yield return Case("D", "clean targets (noise2clean)", price, repeat, TrainingMethods.Noise2Clean,
                () => [.. Numbers(repeat, _preset.Frames / (price + 1)).Select(scene => new TrainingScene([_scenes.Frame(scene, 0)], _scenes.Clean(scene)))]);
        }
    }

    private IEnumerable<ExperimentCase> Pairs(int repeat)
    {
        var mean = Math.Min(MeanFrames, _scenes.Frames - 2);
        foreach (var count in _preset.SceneCounts.Where(count => count <= Available))
        {
            yield return Case("A", "blind-spot, 1 frame", count, repeat, TrainingMethods.BlindSpot, () => Scenes(repeat, count, 1));
            yield return Case("A", "neighbor2neighbor, 1 frame", count, repeat, TrainingMethods.Neighbor2Neighbor, () => Scenes(repeat, count, 1));
            yield return Case("A", "noise2noise, 2 frames", count, repeat, TrainingMethods.Noise2Noise, () => Scenes(repeat, count, 2));
            yield return Case("A", $"noise2clean, mean of {mean}", count, repeat, TrainingMethods.Noise2Clean,
                () => [.. Numbers(repeat, count).Select(scene => new TrainingScene([_scenes.Frame(scene, 0)], _scenes.Mean(scene, 1, mean)))]);
        }

        if (_scenes.Clean(0) is null)
        {
            yield break;
        }

        var most = _preset.SceneCounts.Where(count => count <= Available).DefaultIfEmpty(1).Max();
        foreach (var shift in Shifts)
        {
            yield return Case("B", "noise2noise", shift, repeat, TrainingMethods.Noise2Noise, () => MovedScenes(repeat, most, shift, 1));
        }

        foreach (var drift in Drifts)
        {
            yield return Case("B2", "noise2noise", drift, repeat, TrainingMethods.Noise2Noise, () => MovedScenes(repeat, most, 0, 1 + (drift / 100)));
        }
    }

    private IEnumerable<ExperimentCase> Supervision(int repeat)
    {
        var count = _preset.SceneCounts.Where(count => count <= Available).DefaultIfEmpty(1).Max();
        IReadOnlyList<TrainingScene> Singles() => Scenes(repeat, count, 1);
        foreach (var percent in MaskedPercents)
        {
            var masked = Case("F", FormattableString.Invariant($"masking {percent} % (noise2void)"), 0, repeat, TrainingMethods.Noise2Void, Singles);
            yield return masked with { Follows = true, Training = masked.Training with { Noise2Void = new Noise2VoidSettings { Version2 = false, MaskedPercent = percent } } };
        }

        var blind = Case("F", "blind-spot, posterior mean", 0, repeat, TrainingMethods.BlindSpot, Singles) with { Follows = true };
        yield return blind with { Series = "blind-spot, mean only", Training = blind.Training with { BlindSpot = blind.Training.BlindSpot with { Covariance = CovarianceKinds.None } } };
        yield return blind;
        yield return Case("F", "noise2noise, 2 frames", 0, repeat, TrainingMethods.Noise2Noise, () => Scenes(repeat, count, 2)) with { Follows = true };
    }

    private ExperimentCase Case(string plot, string series, double x, int repeat, string method, Func<IReadOnlyList<TrainingScene>> scenes) => new(
        plot, series, x, repeat,
        new TrainingSettings
        {
            Method = method,
            Preset = _preset.Network,
            Steps = _preset.Steps,
            CropSize = _preset.CropSide,
            Seed = _seed + (ulong)repeat,
            BlindSpot = new BlindSpotSettings { Noise = _scenes.Noise },
        },
        scenes);

    private IReadOnlyList<TrainingScene> Scenes(int repeat, int count, int frames) =>
        [.. Numbers(repeat, count).Select(scene => new TrainingScene([.. Enumerable.Range(0, frames).Select(frame => _scenes.Frame(scene, frame))]))];

    private IReadOnlyList<TrainingScene> MovedScenes(int repeat, int count, double shift, double gain) =>
        [.. Numbers(repeat, count).Select(scene => new TrainingScene([_scenes.Frame(scene, 0), _scenes.Moved(scene, 1, shift, gain)]))];

    // Each repeat begins elsewhere, so that its scenes are others where there are enough.
    private IEnumerable<int> Numbers(int repeat, int count) =>
        Enumerable.Range(0, count).Select(i => _preset.TestScenes + ((((repeat - 1) * count) + i) % Available));
}
