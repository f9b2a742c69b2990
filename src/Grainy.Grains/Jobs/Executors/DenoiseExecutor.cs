using System.Globalization;
using Grainy.Contracts.Denoising;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Core.Denoising;
using Grainy.Core.Devices;
using Grainy.Grains.Datasets;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Denoises images with a model that is there. An image that does not suit is named with its reason; the others go through.</summary>
internal sealed class DenoiseExecutor(ImageBlobs blobs, DenoisingStage denoising) : IJobExecutor
{
    public bool Handles(JobSpec spec) => spec is DenoiseSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var spec = (DenoiseSpec)run.Assignment.Spec;
        var infos = await run.Grains.RequireImagesAsync(run.Assignment.Workspace, spec.Images);
        var (model, name) = await LoadAsync(run, spec.Model, cancellationToken);
        var (images, problems) = (new List<DenoisedImage>(), new List<ImageProblem>());
        for (var i = 0; i < infos.Length; i++)
        {
            var pixels = await blobs.LoadAsync(infos[i].Pixels, cancellationToken);
            if (!await Task.Run(() => pixels.Planes.All(float.IsFinite), cancellationToken))
            {
                problems.Add(new ImageProblem(spec.Images[i], $"'{infos[i].Name}' holds samples that are not finite numbers; mend them or leave the image out."));
                continue;
            }

            var (place, all) = (i, infos.Length);
            var task = new DenoisingTask(spec.Images[i], infos[i], pixels, model)
            {
                Place = $"{i}",
                AssumesNoise = model.Settings.Network == NetworkKinds.BlindSpot,
                Recipe = last => Recipe(name, model, last),
                Among = all,
                Report = part => run.Report(new JobProgress
                {
                    Step = place,
                    Steps = all,
                    Fraction = (place + part) / all,
                    Activity = all == 1 ? "denoising" : $"denoising {place + 1} of {all}",
                }),
            };
            try
            {
                images.Add(await denoising.RunAsync(run, task, DeviceLane.Interactive, cancellationToken));
            }
            catch (ArgumentException unfit) when (Sentences.Of(unfit) is { } sentence) // this image does not suit; the next one may
            {
                problems.Add(new ImageProblem(spec.Images[i], $"'{infos[i].Name}': {sentence}"));
            }
        }

        return images.Count == 0 ? throw new RefusedException(Refusal.Invalid, problems[0].Text) : new DenoiseResult([.. images], [.. problems]);
    }

    private async Task<(DenoiserModel Model, string Name)> LoadAsync(JobRun run, ModelId? id, CancellationToken cancellationToken)
    {
        if (id is not { } trained)
        {
            return DenoiserModel.HasBuiltIn
                ? (DenoiserModel.BuiltIn, "Built-in denoiser")
                : throw new RefusedException(Refusal.NotFound, "This server carries no general denoiser; train a model on your images instead.");
        }

        var info = await run.Grains.Model(trained).GetAsync();
        var file = new MemoryStream(await blobs.LoadBytesAsync(
            info.Weights ?? throw new RefusedException(Refusal.Conflict, $"'{info.Name}' is still in training; wait for its end, or choose another model."), cancellationToken));
        return (DenoiserModel.Load(file), $"Model '{info.Name}'");
    }

    private static string Recipe(string name, DenoiserModel model, DenoiseUpdate last) => last.FoundNoNoise
        ? $"{name}; no noise was found, so the image stays as it is"
        : model.Settings.Network == NetworkKinds.BlindSpot && last.Sigma > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{name}, noise of σ = {last.Sigma * 255:F1} of 255{(model.Settings.Noise == "gaussian" ? "" : " at mean brightness")}")
        : name;
}
