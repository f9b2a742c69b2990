using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Core.Devices;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Grains.Datasets;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Measures two images with all metrics of the default set; values reach the comparison as they improve.</summary>
internal sealed class ScoreExecutor(ImageBlobs blobs, MetricCatalog catalog, TimeProvider clock) : IJobExecutor
{
    private static readonly TimeSpan PushInterval = TimeSpan.FromMilliseconds(250);

    public bool Handles(JobSpec spec) => spec is ScoreSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var spec = (ScoreSpec)run.Assignment.Spec;
        var infos = await run.Grains.RequireImagesAsync(run.Assignment.Workspace, [spec.Left, spec.Right]);
        var images = await Task.WhenAll(infos.Select(info => blobs.LoadAsync(info.Pixels, cancellationToken)));
        var names = catalog.DefaultSet();
        var (scores, problems) = (new List<MetricScore>(), new List<string>());
        for (var i = 0; i < names.Count; i++)
        {
            try
            {
                var score = await MeasureAsync(run, names[i], (i, names.Count), images, cancellationToken);
                scores.Add(score);
                await PushAsync(run, score);
            }
            catch (Exception error) when (error is MetricInputException or Core.Weights.WeightFormatException)
            {
                problems.Add($"{names[i]}: {error.Message}"); // the other values are of use all the same
            }
        }

        return problems.Count == 0 ? new ScoreResult([.. scores]) : throw new RefusedException(Refusal.Invalid, string.Join(" ", problems));
    }

    private async Task<MetricScore> MeasureAsync(JobRun run, string name, (int Index, int Count) place, ImageBuffer[] images, CancellationToken cancellationToken)
    {
        var spec = (ScoreSpec)run.Assignment.Spec;
        var options = new MetricOptions { Seed = unchecked((ulong)spec.Seed), Samples = MetricOptions.DefaultSamples, TargetError = 0.02 };
        var (pushing, pushedAt) = (Task.CompletedTask, clock.GetTimestamp());
        MetricResult? latest = null;
        await run.Worker.RunSlicesAsync(Slices, DeviceLane.Interactive, cancellationToken);
        await pushing;
        return ToScore(latest ?? throw new InvalidOperationException($"The metric '{name}' gave no value."), spec.Seed);

        IEnumerable<bool> Slices(CancellationToken token)
        {
            using var metric = catalog.Create(name);
            run.Report(new JobProgress { Step = place.Index, Steps = place.Count, Fraction = place.Index / (double)place.Count, Activity = $"measuring {name}" });
            foreach (var result in metric.Measure(images[0], images[1], options, token))
            {
                latest = result;
                if (!result.Final && pushing.IsCompleted && clock.GetElapsedTime(pushedAt) >= PushInterval)
                {
                    pushedAt = clock.GetTimestamp();
                    pushing = PushAsync(run, ToScore(result, spec.Seed));
                }

                yield return true;
            }
        }
    }

    // Named as the system's here: the device's thread, from which some of these calls start, belongs to no caller.
    private static Task PushAsync(JobRun run, MetricScore score) => Task.Run(() => Caller.AsAsync(
        Caller.System, () => run.Grains.Comparison(((ScoreSpec)run.Assignment.Spec).Comparison).AddScoresAsync(run.Assignment.Job, [score])));

    private static MetricScore ToScore(MetricResult result, long seed) =>
        new(result.Metric, result.Value, result.StandardError, result.Samples, seed, result.Fingerprint, result.Final);
}
