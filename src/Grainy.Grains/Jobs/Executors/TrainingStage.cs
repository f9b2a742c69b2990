using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Core.Denoising;
using Grainy.Core.Devices;
using Grainy.Core.Images;
using Grainy.Core.Training;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>
/// The training itself. Slices run on the device's thread; encoding and storing of previews and checkpoints run beside it, one at a time, so that a slow disk
/// delays them and not the training.
/// </summary>
internal sealed class TrainingStage(JobRun run, ImageBlobs blobs, TimeProvider clock)
{
    private const int PreviewSide = 512;
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(15);

    private readonly TrainSpec _spec = (TrainSpec)run.Assignment.Spec;
    private ImageBuffer? _clean;
    private Task _saving = Task.CompletedTask;
    private Task _showing = Task.CompletedTask;
    private (byte[] Bytes, long Step, double ElapsedSeconds)? _unsaved;
    private DenoiserModel? _model;
    private bool _stopped;

    /// <summary>Trains to the end and returns the model and its steps.</summary>
    /// <param name="first">The image whose middle is shown.</param>
    /// <param name="clean">Its clean version, by which previews are measured; null: there is none.</param>
    /// <param name="scenes">What to learn from.</param>
    /// <param name="cancellationToken">Stops at the next slice.</param>
    /// <exception cref="OperationCanceledException">Stopped on request, after the state was committed.</exception>
    public async Task<(DenoiserModel Model, long Steps)> RunAsync(
        ImageInfo first, ImageBuffer? clean, IReadOnlyList<TrainingScene> scenes, CancellationToken cancellationToken)
    {
        _clean = clean;
        var resumeFrom = run.Assignment.Checkpoint is { } checkpoint
            ? TrainingCheckpoint.Read(await blobs.LoadBytesAsync(checkpoint.Blob, cancellationToken))
            : null;
        // The worker's own cancellation would drop the work between two slices, with everything since the last checkpoint.
        await run.Worker.RunSlicesAsync(_ => Train(first, scenes, resumeFrom, cancellationToken), DeviceLane.Batch, CancellationToken.None);
        await Task.WhenAll(_saving, _showing);
        if (_unsaved is { } last)
        {
            await SaveAsync(last.Bytes, last.Step, last.ElapsedSeconds);
        }

        return _stopped ? throw new OperationCanceledException(cancellationToken) : (_model!, _model!.Settings.Steps);
    }

    private IEnumerable<bool> Train(ImageInfo first, IReadOnlyList<TrainingScene> scenes, TrainingCheckpoint? resumeFrom, CancellationToken stop)
    {
        using var training = new TrainingRun(
            TrainingPlan.Settings(_spec), [.. scenes.SkipLast(_spec.HoldOut)], resumeFrom, clock, [.. scenes.TakeLast(_spec.HoldOut).SelectMany(scene => scene.Frames)]);
        var (step, elapsed) = (resumeFrom?.Step ?? 0, resumeFrom?.ElapsedSeconds ?? 0);
        var savedAt = clock.GetTimestamp();
        if (!stop.IsCancellationRequested)
        {
            foreach (var update in training.Run(CancellationToken.None))
            {
                (step, elapsed) = (update.Step, update.ElapsedSeconds);
                Report(update, first);
                if (stop.IsCancellationRequested)
                {
                    break;
                }

                if (clock.GetElapsedTime(savedAt) >= CheckpointInterval && _saving.IsCompleted)
                {
                    savedAt = clock.GetTimestamp();
                    var bytes = training.Checkpoint();
                    _saving = TrySaveAsync(bytes, step, elapsed);
                }

                yield return true;
            }
        }

        _stopped = stop.IsCancellationRequested;
        if (step > (run.Assignment.Checkpoint?.Step ?? 0))
        {
            _unsaved = (training.Checkpoint(), step, elapsed);
        }

        _model = _stopped ? null : training.Export();
    }

    private void Report(TrainingUpdate update, ImageInfo first)
    {
        run.Report(new JobProgress
        {
            Step = update.Step,
            Steps = update.Steps,
            Fraction = update.Fraction,
            Activity = "training",
            Loss = double.IsFinite(update.Loss) ? update.Loss : null,
            ElapsedSeconds = update.ElapsedSeconds,
            EtaSeconds = update.EtaSeconds,
            HeldOut = update.Validation is { } held ? [new LossPoint(held.Step, held.Value)] : [],
        });
        if (update.Preview is { } picture && _showing.IsCompleted)
        {
            _showing = ShowAsync(picture, update.Step, first);
        }
    }

    private async Task ShowAsync(ImageBuffer picture, long step, ImageInfo first) =>
        run.Show(new JobPreview(step, await blobs.SavePictureAsync(picture, PreviewSide, first.DisplayBlack, first.DisplayWhite, CancellationToken.None), Decibels.OfMiddle(_clean, picture)));

    // A checkpoint that cannot be kept costs only what a crash before the next one would repeat.
    private async Task TrySaveAsync(byte[] bytes, long step, double elapsedSeconds)
    {
        try
        {
            await SaveAsync(bytes, step, elapsedSeconds);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            run.LogNotCommitted(error, step);
        }
    }

    private async Task SaveAsync(byte[] bytes, long step, double elapsedSeconds)
    {
        var blob = await blobs.SaveAsync(stream => stream.Write(bytes), "application/x-grainy-checkpoint", CancellationToken.None);
        await run.CommitAsync(new JobCheckpoint(step, blob, elapsedSeconds));
    }
}
