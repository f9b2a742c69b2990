using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training;
using Grainy.Core.Training.Registration;
using Grainy.Grains.Datasets;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Trains a denoiser on noisy images, keeps checkpoints, then denoises the same images with it and judges what came out.</summary>
internal sealed class TrainExecutor(ImageBlobs blobs, ResultImages results, DenoisingStage denoising, TimeProvider clock) : IJobExecutor
{
    private const int MostWarnings = 8;

    public bool Handles(JobSpec spec) => spec is TrainSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var spec = (TrainSpec)run.Assignment.Spec;
        var infos = await run.Grains.RequireImagesAsync(run.Assignment.Workspace, spec.Images);
        var images = await Task.WhenAll(infos.Select(info => blobs.LoadAsync(info.Pixels, cancellationToken)));
        await Task.Run(() => RequireTrainable(infos, images), cancellationToken);

        var report = await ReportAsync(run, spec, infos, images, cancellationToken);
        var clean = await results.FindReferenceAsync(spec.Images[0].Dataset, infos[0], cancellationToken);
        var (model, steps) = await new TrainingStage(run, blobs, clock).RunAsync(infos[0], clean, report.Scenes, cancellationToken);
        var weights = await blobs.SaveAsync(model.Save, "application/x-grainy-model", cancellationToken);

        var (denoised, begun) = (new DenoisedImage[images.Length], clock.GetTimestamp());
        for (var i = 0; i < images.Length; i++)
        {
            denoised[i] = await DenoiseAsync(run, model, steps, (i, infos[i], images), cancellationToken);
        }

        var megapixels = images.Sum(image => image.Width * (double)image.Height) / 1e6;
        return new TrainResult(weights, steps, denoised, Some(report.Warnings)) { SecondsPerMegapixel = clock.GetElapsedTime(begun).TotalSeconds / megapixels };
    }

    private static string[] Some(IReadOnlyList<string> warnings) => warnings.Count <= MostWarnings
        ? [.. warnings] : [.. warnings.Take(MostWarnings), $"{warnings.Count - MostWarnings} more scenes have such exposures."];

    // The trainer refuses these too, but cannot name them.
    private static void RequireTrainable(ImageInfo[] infos, ImageBuffer[] images)
    {
        for (var i = 0; i < images.Length; i++)
        {
            if (TrainingInput.Problem(images[i]) is { } problem)
            {
                throw new RefusedException(Refusal.Invalid, $"'{infos[i].Name}': {problem}");
            }
        }
    }

    // Registration is plain arithmetic over many pixels: neither for the device's thread nor for a grain's turn.
    private async Task<SceneReport> ReportAsync(
        JobRun run, TrainSpec spec, ImageInfo[] infos, ImageBuffer[] images, CancellationToken cancellationToken)
    {
        var references = new List<ImageBuffer>();
        for (var i = 0; spec.Method == TrainingMethods.Noise2Clean && i < images.Length; i++)
        {
            references.Add(await results.FindReferenceAsync(spec.Images[i].Dataset, infos[i], cancellationToken)
                ?? throw new RefusedException(Refusal.NotFound, $"The clean reference of '{infos[i].Name}' is not there any more; set another one."));
        }

        run.Update(progress => progress with { Activity = "comparing frames" });
        return await Task.Run(() => TrainingPlan.Scenes(spec, images, [.. references], cancellationToken), cancellationToken);
    }

    private Task<DenoisedImage> DenoiseAsync(
        JobRun run, DenoiserModel model, long steps, (int Index, ImageInfo Info, ImageBuffer[] All) noisy, CancellationToken cancellationToken)
    {
        var spec = (TrainSpec)run.Assignment.Spec;
        return denoising.RunAsync(
            run,
            new DenoisingTask(spec.Images[noisy.Index], noisy.Info, noisy.All[noisy.Index], model)
            {
                // The same in each attempt, so that none is added twice; another one after each extension, because images never change.
                Place = spec.Extensions == 0 ? $"{noisy.Index}" : $"{noisy.Index}/{spec.Extensions}",
                Noise = spec.NoiseSigma is { } sigma ? new NoiseModel.Gaussian(sigma) : null,
                AssumesNoise = spec.Method == TrainingMethods.BlindSpot,
                Recipe = last => TrainingPlan.Recipe(spec, steps, last.Sigma),
                Among = noisy.All.Length,
                Second = TrainingPlan.OtherFrame(spec, noisy.Index) is { } other ? (spec.Images[other], noisy.All[other]) : null,
                Report = _ => run.Update(progress => progress with { Activity = $"denoising {noisy.Index + 1} of {spec.Images.Length}", EtaSeconds = null }),
            },
            Core.Devices.DeviceLane.Batch,
            cancellationToken);
    }
}
