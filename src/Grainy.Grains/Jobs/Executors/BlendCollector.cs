using System.Collections.Concurrent;
using Grainy.Contracts.Blending;
using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Grains.Blending;
using Grainy.Grains.Images;
using BlendStage = Grainy.Contracts.Blending.BlendStage;
using BlendTarget = Grainy.Contracts.Blending.BlendTarget;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Stores the pictures of a blend in progress and hands them to its grain, one after the other and never on the device's thread.</summary>
internal sealed class BlendCollector(ImageBlobs blobs, BlendMemory memory, IBlendGrain grain, JobRun run, BlendSnapshot blend, BlendTarget[] targets)
{
    /// <summary>Pictures of a frame's way that are kept.</summary>
    public const int MostStages = 10;

    private const int StageSide = 512;

    private readonly Dictionary<int, BlendTarget> _targets = targets.ToDictionary(target => target.Index);
    private readonly Dictionary<int, BlendStage[]> _stages = [];
    private readonly HashSet<int> _halfDone = [];
    private readonly ConcurrentDictionary<(int Index, int Steps), bool> _finished = [];
    private Task _adding = Task.CompletedTask;

    /// <summary>True between frames, when nothing is lost by stopping.</summary>
    public bool NoneHalfDone => _halfDone.Count == 0;

    /// <summary>Frames that were handed in, with the steps that they were allowed.</summary>
    public IEnumerable<(int Index, int Steps)> Finished => _finished.Keys;

    /// <summary>Called on the device's thread for each step.</summary>
    public void Take(BlendStep step)
    {
        if (!_targets.TryGetValue(step.Frame, out var target))
        {
            return; // a frame that was there before
        }

        if (step.FrameFinal)
        {
            _halfDone.Remove(step.Frame);
            _finished[(step.Frame, target.Steps)] = true;
        }
        else if (!_finished.ContainsKey((step.Frame, target.Steps)))
        {
            _halfDone.Add(step.Frame);
        }

        if (step.Picture is { } picture)
        {
            Then(() => AddAsync(step, target, picture));
        }

        if (step.Spacing is { } spacing)
        {
            Then(() => grain.SetSpacingAsync(run.Assignment.Job, BlendMoves.Contract(spacing)));
        }
    }

    /// <summary>Waits until all that was taken has reached the blend.</summary>
    public Task DrainAsync() => _adding;

    /// <summary>A picture of a frame's way, stored.</summary>
    /// <param name="png">The whole picture, stored already.</param>
    public static async Task<BlendStage> StageAsync(ImageBlobs blobs, BlendStep step, ImageBuffer picture, BlobRef png, string words)
    {
        var small = Math.Max(picture.Width, picture.Height) <= StageSide ? png : await blobs.SavePictureAsync(picture, StageSide, 0, 1, CancellationToken.None);
        return new BlendStage(step.StepsDone, step.Energy, step.EnergyError, words, small);
    }

    // One after the other, so that a frame's last stage never comes before its early one. The caller is named here: the device's thread belongs to none.
    private void Then(Func<Task> add)
    {
        var before = _adding;
        _adding = Task.Run(
            async () =>
            {
                await before;
                await Caller.AsAsync(Caller.System, add);
            },
            CancellationToken.None);
    }

    private async Task AddAsync(BlendStep step, BlendTarget target, ImageBuffer picture)
    {
        var png = await blobs.SaveFileAsync(picture, OutputFormat.Png8, CancellationToken.None);
        if (step.Stage == Core.Blending.BlendStage.Start)
        {
            await KeepAsync(step, picture, png); // the way begins here, but nothing perceptual is there yet
            return;
        }

        // An early stage is only looked at: its planes would take much room for nothing.
        var pixels = step.FrameFinal ? await blobs.SavePixelsAsync(picture, CancellationToken.None) : png;
        var stages = step.StepsTotal == 0 ? [] : await KeepAsync(step, picture, png);
        var frame = new BlendFrame(
            step.Frame, step.Weights[1], step.Energy, step.MixEnergy, png, pixels, step.FrameFinal, [.. step.Weights], step.EnergyError,
            step.StepsDone, target.Steps, stages.Length);
        await grain.AddStagesAsync(run.Assignment.Job, frame, stages);
        await memory.RememberAsync(blend, target, frame, stages);
    }

    private async Task<BlendStage[]> KeepAsync(BlendStep step, ImageBuffer picture, BlobRef png)
    {
        if (!_stages.TryGetValue(step.Frame, out var stages))
        {
            stages = step.StepsDone == 0 ? [] : await grain.GetStagesAsync(step.Frame); // of the run before, where a frame goes on
        }

        var stage = await StageAsync(blobs, step, picture, png, BlendWords.Of(step));
        return _stages[step.Frame] = Thinning.Append(stages, stage, kept => kept.Step, MostStages);
    }
}
