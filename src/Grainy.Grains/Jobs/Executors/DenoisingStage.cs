using Grainy.Contracts.Datasets;
using Grainy.Contracts.Training;
using Grainy.Core.Denoising;
using Grainy.Core.Devices;
using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Denoises one image on the device's thread, adds the result to the dataset and judges it.</summary>
internal sealed class DenoisingStage(ResultImages results, ResultJudge judge)
{
    /// <summary>The input, its result, and what can be said of it.</summary>
    public async Task<DenoisedImage> RunAsync(JobRun run, DenoisingTask task, DeviceLane lane, CancellationToken cancellationToken)
    {
        var (source, info, pixels, model) = task;
        var last = await OnDeviceAsync(run, task, lane, cancellationToken);
        var result = last.Result!;
        var id = ImageId.Of(run.Assignment.Job, task.Place);
        var added = await results.FindAsync(source.Dataset, id)
            ?? await results.AddDerivedAsync(source.Dataset, id, "denoised", task.Recipe(last), info, result, cancellationToken);
        var assumed = task.AssumesNoise ? last.Noise : null;
        var trust = await Task.Run(() => judge.Judge(model.Settings, info, pixels, result, assumed, task.Among, task.Second), cancellationToken);
        var doubt = last.Uncertainty is { } deviation ? await judge.StoreAsync(deviation, cancellationToken) : null;
        var clean = await results.FindReferenceAsync(source.Dataset, info, cancellationToken);
        return new DenoisedImage(
            source, new ImageRef(source.Dataset, added.Id), clean is null ? null : Decibels.Between(clean, pixels), clean is null ? null : Decibels.Between(clean, result))
        { Trust = trust, Doubt = doubt };
    }

    private static async Task<DenoiseUpdate> OnDeviceAsync(JobRun run, DenoisingTask task, DeviceLane lane, CancellationToken cancellationToken)
    {
        DenoiseUpdate? outcome = null;
        var options = new DenoiseOptions { Noise = task.Noise, Uncertainty = task.Model.KnowsDoubt, Orientations = DenoiseOptions.UsualOrientations };
        await run.Worker.RunSlicesAsync(Slices, lane, cancellationToken);
        return outcome!;

        IEnumerable<bool> Slices(CancellationToken token)
        {
            foreach (var update in Denoiser.Run(task.Model, task.Pixels, options, token))
            {
                task.Report((double)update.TilesDone / update.Tiles);
                outcome = update;
                yield return true;
            }
        }
    }
}

/// <summary>What is denoised with what, and what is told of it.</summary>
internal sealed record DenoisingTask(ImageRef Source, ImageInfo Info, ImageBuffer Pixels, DenoiserModel Model)
{
    /// <summary>Tells this result of the job from others; the same in each attempt.</summary>
    public required string Place { get; init; }

    /// <summary>Null: as the model was trained, or estimated.</summary>
    public NoiseModel? Noise { get; init; }

    /// <summary>The method knows what noise it takes out, so what was taken out can be held against it.</summary>
    public required bool AssumesNoise { get; init; }

    /// <summary>How the result came about, in a few words.</summary>
    public required Func<DenoiseUpdate, string> Recipe { get; init; }

    /// <summary>Results of the job: those of all go into one message.</summary>
    public required int Among { get; init; }

    /// <summary>Another exposure of the scene, where there is one.</summary>
    public (ImageRef Ref, ImageBuffer Pixels)? Second { get; init; }

    /// <summary>Hears of each part, on the device's thread.</summary>
    public required Action<double> Report { get; init; }
}
