using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Workspaces;
using Grainy.Core.Blending;
using Grainy.Core.Devices;
using Grainy.Core.Images;
using Grainy.Core.Weights;
using Grainy.Grains.Blending;
using Grainy.Grains.Datasets;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Averages exposures under a metric, puts the average and the mean of pixels beside it into the dataset, and measures the grain of both.</summary>
internal sealed class AverageExecutor(ImageBlobs blobs, WeightStore weights, BlendInputs inputs, ResultImages results, TimeProvider clock) : IJobExecutor
{
    public bool Handles(JobSpec spec) => spec is AverageSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var spec = (AverageSpec)run.Assignment.Spec;
        await RegisterAsync(run, spec, "being computed");
        var infos = await run.Grains.RequireImagesAsync(run.Assignment.Workspace, spec.Images);
        var fitted = await inputs.FitAsync(infos, spec.Settings.Fitting);
        var shown = await ShownImages.LoadAsync(blobs, fitted.Infos, cancellationToken);
        var metric = inputs.RequireMetric(new BlendSettings { Metric = spec.Settings.Metric });
        var report = await ComputeAsync(run, shown.Images, spec.Settings, metric, cancellationToken);

        var recipe = $"Average of {infos.Length} exposures ({string.Join(", ", infos.Select(info => info.Name))})";
        var average = await AddAsync("average", $"{recipe} under {metric}", shown.Back(report.Average));
        var mean = await AddAsync("pixel mean", $"{recipe} by pixels", shown.Back(report.PixelMean));
        await RegisterAsync(run, spec, $"{report.FineKept:P0} of the grain kept, {report.FineKeptByMean:P0} by the pixel mean");
        return new AverageResult(
            average, mean, metric, report.FineKept, report.FineKeptByMean, Spectrum(report.Exposures[0]), Spectrum(report.OfAverage), Spectrum(report.OfPixelMean),
            fitted.Words.Length == 0 ? null : string.Join(' ', fitted.Words));

        // The same id in each attempt: no result is added twice.
        async Task<ImageRef> AddAsync(string what, string how, ImageBuffer pixels)
        {
            var (dataset, id) = (spec.Images[0].Dataset, ImageId.Of(run.Assignment.Job, what));
            if (await results.FindAsync(dataset, id) is null)
            {
                await results.AddDerivedAsync(dataset, id, what, how, infos[0], pixels, cancellationToken);
            }

            return new ImageRef(dataset, id);
        }
    }

    private async Task<AverageReport> ComputeAsync(
        JobRun run, IReadOnlyList<ImageBuffer> images, AverageSettings settings, string metric, CancellationToken cancellationToken)
    {
        var options = new AverageOptions { Size = settings.Size, Steps = settings.Steps, Seed = unchecked((ulong)settings.Seed), Metric = metric };
        var start = clock.GetTimestamp();
        AverageReport? report = null;
        var showing = Task.CompletedTask;
        await run.Worker.RunSlicesAsync(Slices, DeviceLane.Interactive, cancellationToken);
        await showing;
        return report ?? throw new InvalidOperationException("The average ended without a result.");

        IEnumerable<bool> Slices(CancellationToken token)
        {
            foreach (var (step, done) in NoisyAverage.Run(images, options, weights, token))
            {
                report = done ?? report;
                var fraction = step.FrameFinal ? 1 : step.StepsDone / (double)Math.Max(1, step.StepsTotal);
                var elapsed = clock.GetElapsedTime(start).TotalSeconds;
                run.Report(new JobProgress
                {
                    Step = step.StepsDone,
                    Steps = step.StepsTotal,
                    Fraction = fraction,
                    Activity = $"{BlendWords.Of(step)}, step {step.StepsDone} of at most {step.StepsTotal}",
                    Loss = step.Energy > 0 ? step.Energy : null,
                    ElapsedSeconds = elapsed,
                    EtaSeconds = fraction > 0.02 ? elapsed / fraction * (1 - fraction) : null,
                });
                if (step.Picture is { } picture && showing.IsCompleted)
                {
                    showing = Task.Run(() => ShowAsync(run, step.StepsDone, picture), CancellationToken.None);
                }

                yield return true;
            }
        }
    }

    private async Task ShowAsync(JobRun run, int step, ImageBuffer picture) =>
        run.Show(new JobPreview(step, await blobs.SavePictureAsync(picture, 1024, 0, 1, CancellationToken.None), null));

    // Listed beside blends, with an address of its own.
    private Task RegisterAsync(JobRun run, AverageSpec spec, string note)
    {
        var entry = new WorkspaceEntry(EntryKind.Blend, $"average/{run.Assignment.Job}", $"Average of {spec.Images.Length} exposures", note, clock.GetUtcNow());
        return Caller.AsAsync(Caller.System, () => run.Grains.Workspace(run.Assignment.Workspace).RegisterAsync(entry));
    }

    private static GrainSpectrum Spectrum(GrainStatistics grain) => new(grain.Variance, grain.FineVariance, [.. grain.Frequencies], [.. grain.Power]);
}
