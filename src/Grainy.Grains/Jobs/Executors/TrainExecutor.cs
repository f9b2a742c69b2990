using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Training;
using Grainy.Core.Training.Registration;
using Grainy.Grains.Datasets;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Trains a denoiser on noisy images, keeps checkpoints, then denoises the same images with it.</summary>
internal sealed class TrainExecutor(ImageBlobs blobs, ResultImages results, TimeProvider clock) : IJobExecutor
{
    public bool Handles(JobSpec spec) => spec is TrainSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var spec = (TrainSpec)run.Assignment.Spec;
        var infos = await run.Grains.RequireImagesAsync(run.Assignment.Workspace, spec.Images);
        var images = await Task.WhenAll(infos.Select(info => blobs.LoadAsync(info.Pixels, cancellationToken)));

        var report = await ReportAsync(run, spec, infos, images, cancellationToken);
        var (model, steps) = await new TrainingStage(run, blobs, clock).RunAsync(infos[0], report.Scenes, cancellationToken);
        var weights = await blobs.SaveAsync(model.Save, "application/x-grainy-model", cancellationToken);

        var denoised = new DenoisedImage[images.Length];
        for (var i = 0; i < images.Length; i++)
        {
            denoised[i] = await DenoiseAsync(run, model, steps, (i, spec.Images[i], infos[i], images[i]), cancellationToken);
        }

        return new TrainResult(weights, steps, denoised, [.. report.Warnings]);
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

    private async Task<DenoisedImage> DenoiseAsync(
        JobRun run, DenoiserModel model, long steps, (int Index, ImageRef Ref, ImageInfo Info, ImageBuffer Pixels) noisy, CancellationToken cancellationToken)
    {
        var spec = (TrainSpec)run.Assignment.Spec;
        var id = ImageId.Of(run.Assignment.Job, $"{noisy.Index}"); // the same in each attempt, so that none is added twice
        if (await results.FindAsync(noisy.Ref.Dataset, id) is not { } added)
        {
            var (result, sigma) = await DenoiseOnDeviceAsync(run, model, noisy.Pixels, spec, $"denoising {noisy.Index + 1} of {spec.Images.Length}", cancellationToken);
            var recipe = TrainingPlan.Recipe(spec, steps, sigma);
            added = await results.AddDerivedAsync(noisy.Ref.Dataset, id, "denoised", recipe, noisy.Info, result, cancellationToken);
        }

        var denoised = new ImageRef(noisy.Ref.Dataset, added.Id);
        return await results.FindReferenceAsync(noisy.Ref.Dataset, noisy.Info, cancellationToken) is { } clean
            ? new DenoisedImage(
                noisy.Ref, denoised, Decibels.Between(clean, noisy.Pixels), Decibels.Between(clean, await blobs.LoadAsync(added.Pixels, cancellationToken)))
            : new DenoisedImage(noisy.Ref, denoised, null, null);
    }

    private static async Task<(ImageBuffer Result, double Sigma)> DenoiseOnDeviceAsync(
        JobRun run, DenoiserModel model, ImageBuffer image, TrainSpec spec, string activity, CancellationToken cancellationToken)
    {
        (ImageBuffer Result, double Sigma)? outcome = null;
        await run.Worker.RunSlicesAsync(Slices, Core.Devices.DeviceLane.Batch, cancellationToken);
        return outcome!.Value;

        IEnumerable<bool> Slices(CancellationToken token)
        {
            foreach (var update in Denoiser.Run(model, image, spec.NoiseSigma, token))
            {
                run.Update(progress => progress with { Activity = activity, EtaSeconds = null });
                outcome = update.Result is { } result ? (result, update.Sigma) : null;
                yield return true;
            }
        }
    }
}
