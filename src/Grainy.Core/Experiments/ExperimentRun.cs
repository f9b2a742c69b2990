using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Training;
using Grainy.Core.Trust;

namespace Grainy.Core.Experiments;

/// <summary>Trains one case and measures it on scenes it has not seen.</summary>
public static class ExperimentRun
{
    /// <summary>The series of plot D that no price of clean images changes.</summary>
    internal const string PairsAtAnyPrice = "pairs (noise2noise)";

    private const int GradientBatches = 16;
    private const double DecibelsOfDoubling = 3.0103;
    private static readonly double[] Marks = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85];

    /// <summary>How far a case has come.</summary>
    /// <param name="Fraction">Share that is done, in [0, 1].</param>
    /// <param name="Rows">What was measured; set in the last update only.</param>
    public sealed record Update(double Fraction, IReadOnlyList<ExperimentRow>? Rows);

    /// <summary>Runs on the calling thread, which must be a device's own; each step takes a fraction of a second, measuring a scene included.</summary>
    /// <param name="one">The case.</param>
    /// <param name="scenes">What it was planned on.</param>
    /// <param name="preset">What it was planned with.</param>
    public static IEnumerable<Update> Run(ExperimentCase one, ExperimentScenes scenes, ExperimentPreset preset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(scenes);
        ArgumentNullException.ThrowIfNull(preset);
        return Steps();

        IEnumerable<Update> Steps()
        {
            using var training = new TrainingRun(one.Training, one.Scenes());
            var rows = new List<ExperimentRow>();
            var (mark, step, seconds) = (0, 0L, 0.0);
            foreach (var update in training.Run(cancellationToken))
            {
                (step, seconds) = (update.Step, update.ElapsedSeconds);
                yield return new Update(0.9 * update.Fraction, null);
                if (one.Follows && mark < Marks.Length && update.Fraction >= Marks[mark])
                {
                    mark = Math.Max(mark + 1, Array.FindLastIndex(Marks, at => update.Fraction >= at) + 1);
                    var measured = new Measurement();
                    foreach (var _ in measured.Take(training.Export(), scenes, preset, doubt: false, cancellationToken))
                    {
                        yield return new Update(0.9 * update.Fraction, null);
                    }

                    rows.AddRange(Followed(one, measured.Score!, measured.Truth, step, seconds));
                    rows.Add(Gradient(one, training.GradientSignal(GradientBatches), step, seconds));
                    yield return new Update(0.9 * update.Fraction, null);
                }
            }

            var last = new Measurement();
            foreach (var _ in last.Take(training.Export(), scenes, preset, one.Series.EndsWith("posterior mean", StringComparison.Ordinal), cancellationToken))
            {
                yield return new Update(0.95, null);
            }

            if (one.Follows)
            {
                rows.Add(Gradient(one, training.GradientSignal(GradientBatches), step, seconds));
            }

            rows.AddRange(one.Follows ? Followed(one, last.Score!, last.Truth, step, seconds)
                : one.Series == PairsAtAnyPrice ? preset.Costs.SelectMany(price => Ended(one with { X = price }, last.Score!, last.Truth, step, seconds))
                : Ended(one, last.Score!, last.Truth, step, seconds));
            rows.AddRange(Trusted(one, last, step, seconds));
            yield return new Update(1, rows);
        }
    }

    private static IEnumerable<ExperimentRow> Ended(ExperimentCase one, PairScore score, double? truth, long step, double seconds)
    {
        yield return Row(one, one.Plot, one.X, score, truth, step, seconds);
        if (one.Plot == "C")
        {
            var (gain, low, high) = (score.Psnr - score.NoisyPsnr, score.Interval.Low - score.NoisyPsnr, score.Interval.High - score.NoisyPsnr);
            yield return new ExperimentRow("E", one.Series, one.X, one.Repeat, Averaged(gain), Averaged(low), Averaged(high), truth is { } known ? Averaged(known - score.NoisyPsnr) : null, step, seconds);
        }
    }

    private static IEnumerable<ExperimentRow> Followed(ExperimentCase one, PairScore score, double? truth, long step, double seconds) =>
        [Row(one, "F", seconds, score, truth, step, seconds), Row(one, "F2", step, score, truth, step, seconds)];

    // One number from sixteen batches, without an interval: the spread of the repeats says how sure it is.
    private static ExperimentRow Gradient(ExperimentCase one, double signal, long step, double seconds) =>
        new("G", one.Series, step, one.Repeat, signal, signal, signal, null, step, seconds);

    private static IEnumerable<ExperimentRow> Trusted(ExperimentCase one, Measurement last, long step, double seconds)
    {
        foreach (var bin in last.Reliability?.Bins ?? [])
        {
            var (low, high) = (Math.Sqrt(Math.Max(0, bin.ActualSquared - (1.96 * bin.StandardError))), Math.Sqrt(Math.Max(0, bin.ActualSquared + (1.96 * bin.StandardError))));
            yield return new ExperimentRow("H", one.Series, bin.Predicted, one.Repeat, bin.Actual, low, high, null, step, seconds);
        }

        if (one.Follows && last.Residual is { } residual)
        {
            var error = 1.96 * residual.CorrelationError;
            var strongest = residual.Autocorrelation?.Strongest.Value ?? 0;
            yield return new ExperimentRow("I", one.Series, 1, one.Repeat, strongest, strongest - error, strongest + error, null, step, seconds);
            yield return new ExperimentRow("I", one.Series, 2, one.Repeat, residual.DetailCorrelation, residual.DetailCorrelation - error, residual.DetailCorrelation + error, null, step, seconds);
        }
    }

    private static ExperimentRow Row(ExperimentCase one, string plot, double x, PairScore score, double? truth, long step, double seconds) =>
        new(plot, one.Series, x, one.Repeat, score.Psnr, score.Interval.Low, score.Interval.High, truth, step, seconds);

    private static double Averaged(double decibels) => Math.Pow(2, decibels / DecibelsOfDoubling);

    /// <summary>The test scenes denoised, laid under one another, and judged.</summary>
    private sealed class Measurement
    {
        public PairScore? Score { get; private set; }

        public double? Truth { get; private set; }

        public ResidualReport? Residual { get; private set; }

        public Reliability? Reliability { get; private set; }

        public IEnumerable<int> Take(DenoiserModel model, ExperimentScenes scenes, ExperimentPreset preset, bool doubt, CancellationToken cancellationToken)
        {
            var (first, second, denoised, deviation, clean) = (new Pile(), new Pile(), new Pile(), new Pile(), new Pile());
            for (var scene = 0; scene < preset.TestScenes; scene++)
            {
                var frame = scenes.Frame(scene, 0);
                DenoiseUpdate? result = null;
                foreach (var update in Denoiser.Run(model, frame, new DenoiseOptions { Uncertainty = doubt }, cancellationToken))
                {
                    result = update;
                    yield return scene;
                }

                first.Add(frame);
                second.Add(scenes.Frame(scene, 1));
                denoised.Add(result!.Result!);
                deviation.Add(result.Uncertainty);
                clean.Add(scenes.Clean(scene));
            }

            var (a, f) = (first.Image(), denoised.Image());
            Score = PairScore.Of(f, a, second.Image());
            Residual = ResidualAnalysis.Of(a, f);
            Truth = clean.IsEmpty ? null : -10 * Math.Log10(f.Planes.Zip(clean.Image().Planes, (x, y) => Math.Pow(x - y, 2)).Average());
            Reliability = deviation.IsEmpty ? null : Reliability.Of(deviation.Image(), f, a, second.Image());
        }
    }

    /// <summary>Images of one width under one another.</summary>
    private sealed class Pile
    {
        private readonly List<ImageBuffer> _images = [];

        public bool IsEmpty => _images.Count == 0;

        public void Add(ImageBuffer? image)
        {
            if (image is not null)
            {
                _images.Add(image);
            }
        }

        public ImageBuffer Image() => new(
            _images[0].Channels, _images.Sum(image => image.Height), _images[0].Width,
            [.. Enumerable.Range(0, _images[0].Channels).SelectMany(channel => _images.SelectMany(image => image.Plane(channel).ToArray()))]);
    }
}
