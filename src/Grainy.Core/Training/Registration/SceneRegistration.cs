using System.Globalization;
using Grainy.Core.Training.Pairs;

namespace Grainy.Core.Training.Registration;

/// <summary>
/// Looks at the frames of scenes before a network learns from them: refuses what cannot be a scene, measures shift and drift, warns, and corrects on request.
/// Needs no device; takes up to a second for each frame that is measured.
/// </summary>
public static class SceneRegistration
{
    private const int MostMeasured = 24;

    /// <summary>Inspects all scenes.</summary>
    /// <param name="scenes">Two or more frames each, or frames and a reference.</param>
    /// <param name="clean">True when the references are what is learned from.</param>
    /// <param name="correct">True to measure every frame and to have targets resampled accordingly.</param>
    /// <param name="cancellationToken">Looked at between frames.</param>
    /// <exception cref="ArgumentException">Frames of different size, the same frame twice, or frames that show different scenes: one sentence for people.</exception>
    public static SceneReport Inspect(IReadOnlyList<TrainingScene> scenes, bool clean, bool correct, CancellationToken cancellationToken)
    {
        TrainingImages.Check([.. scenes.SelectMany(scene => scene.Frames)]);
        TrainingScenes.Check(scenes, clean);
        var (measurements, warnings) = (new List<FrameMeasurement>(), new List<string>());
        var perScene = Math.Max(1, MostMeasured / scenes.Count);
        var corrected = scenes.Select((scene, index) =>
        {
            var (own, aligned) = Inspect(scene, index, correct ? int.MaxValue : perScene, correct, cancellationToken);
            measurements.AddRange(own);
            warnings.AddRange(Warnings(index, own, correct));
            return aligned;
        }).ToArray();
        return new SceneReport(corrected, measurements, warnings);
    }

    private static (List<FrameMeasurement> Measurements, TrainingScene Scene) Inspect(
        TrainingScene scene, int index, int most, bool correct, CancellationToken cancellationToken)
    {
        var others = scene.Reference is null ? scene.Frames : [.. scene.Frames, scene.Reference];
        var every = Math.Max(1, (others.Count - 1 + most - 1) / most);
        var measurements = new List<FrameMeasurement>();
        var alignments = Enumerable.Repeat(FrameAlignment.Identity, others.Count).ToArray();
        for (var frame = others.Count - 1; frame >= 1; frame -= every)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var measured = PairRegistration.Measure(scene.Frames[0], others[frame]);
            if (measured.ShowsAnotherScene)
            {
                throw new ArgumentException(
                    $"{Name(scene, frame)} of scene {index + 1} does not show what its first frame shows (correlation {F(measured.Correlation!.Value, "F2")}); "
                    + "check the order of the files and how they are grouped into scenes.");
            }

            measurements.Insert(0, new FrameMeasurement(index, frame, measured));
            alignments[frame] = new FrameAlignment(
                measured.IsShifted ? measured.KnownX : 0,
                measured.IsShifted ? measured.KnownY : 0,
                measured.IsDrifted ? measured.Gain : 1,
                measured.IsDrifted ? measured.Offset : 0);
        }

        var needed = correct && alignments.Any(alignment => alignment != FrameAlignment.Identity);
        return (measurements, needed ? scene with { Alignments = alignments } : scene);
    }

    private static IEnumerable<string> Warnings(int scene, List<FrameMeasurement> measurements, bool corrected)
    {
        var shifted = measurements.Where(measured => measured.Alignment.IsShifted).ToArray();
        if (shifted.Length > 0)
        {
            var (worst, count) = (shifted.MaxBy(measured => measured.Alignment.Shift)!.Alignment, shifted.Length);
            yield return $"In scene {scene + 1} {count} of {measurements.Count} measured frames are displaced, by up to ({Measured(worst.ShiftX, worst.ErrorX)}, "
                + $"{Measured(worst.ShiftY, worst.ErrorY)}) px" + (corrected
                    ? "; targets are moved back."
                    : ": a network that learns from them blurs. Have the alignment corrected, register the frames, or use a method for single images.");
        }

        var drifted = measurements.Where(measured => measured.Alignment.IsDrifted).ToArray();
        if (drifted.Length > 0)
        {
            var worst = drifted.MaxBy(measured => Math.Abs(measured.Alignment.Drift))!.Alignment;
            yield return $"In scene {scene + 1} the brightness of {drifted.Length} of {measurements.Count} measured frames differs from the first's, by up to "
                + F(worst.Drift / Math.Max(Math.Abs(worst.Mean), 1e-9), "+0.0 %;-0.0 %") + (corrected
                    ? "; targets are brought to its brightness."
                    : ": what is learned lies in between. Have the alignment corrected, or expose alike (bleaching, lamp, clouds).");
        }
    }

    private static string Name(TrainingScene scene, int frame) => frame == scene.Frames.Count ? "The reference" : $"Frame {frame + 1}";

    private static string Measured(double shift, double error) => double.IsFinite(error) ? $"{F(shift, "+0.00;-0.00")} ± {F(error, "F2")}" : "unknown";

    private static string F(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
