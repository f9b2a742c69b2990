using Grainy.Contracts.Blending;
using Grainy.Contracts.Jobs;
using Grainy.Core.Blending;
using Grainy.Core.Devices;
using Grainy.Core.Images;
using Grainy.Core.Weights;
using Grainy.Grains.Blending;
using Grainy.Grains.Images;
using BlendTarget = Grainy.Contracts.Blending.BlendTarget;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>
/// Computes the frames that a blend does not hold yet; each reaches the blend when its picture is stored. What is wished for meanwhile is taken up as soon as no
/// frame is half done.
/// </summary>
internal sealed class BlendExecutor(ImageBlobs blobs, WeightStore weights, BlendMemory memory, TimeProvider clock) : IJobExecutor
{
    public bool Handles(JobSpec spec) => spec is BlendSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var grain = run.Grains.Blend(((BlendSpec)run.Assignment.Spec).Blend);
        await using var wishes = new BlendListener(grain, run, clock);
        var progress = new BlendProgress(run, clock);
        var gone = new HashSet<(int Index, int Steps)>(); // handed in by this run, also where the blend took something else for it
        IReadOnlyList<ImageBuffer>? images = null;
        await using var line = new BlendLine(blobs, weights, run, grain);
        while (true)
        {
            var revision = await wishes.RefreshAsync();
            var blend = await grain.GetAsync();
            var open = blend.Targets.Where(target => !target.IsDone(Find(blend, target.Index)) && !gone.Contains((target.Index, target.Steps)));
            var missing = await RecallAsync(blend, [.. open], grain, run);
            progress.Begin(blend.Targets.Count(IsBetween), missing.Count(IsBetween), BlendLine.ToMove(blend));
            if (missing.Length == 0 && !line.IsOpen(blend))
            {
                return new BlendResult(blend.Targets.Length);
            }

            images ??= (await ShownImages.LoadAsync(blobs, blend.Infos, cancellationToken)).Images;
            if (missing.Length == 0)
            {
                await line.SettleAsync(blend, images, progress, () => wishes.Revision != revision, cancellationToken);
                continue;
            }

            var (targets, options) = await OptionsAsync(blend, missing, wishes, cancellationToken);
            var collector = new BlendCollector(blobs, memory, grain, run, blend, targets);
            await ComputeAsync(run, images, options, collector, progress, () => wishes.Revision != revision, cancellationToken);
            gone.UnionWith(collector.Finished);
        }
    }

    private async Task ComputeAsync(
        JobRun run, IReadOnlyList<ImageBuffer> images, BlendOptions options, BlendCollector collector, BlendProgress progress, Func<bool> changed, CancellationToken cancellationToken)
    {
        try
        {
            await run.Worker.RunSlicesAsync(Slices, DeviceLane.Interactive, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await collector.DrainAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what could not be handed in is computed again
            throw;
        }

        await collector.DrainAsync();

        IEnumerable<bool> Slices(CancellationToken token)
        {
            foreach (var step in PerceptualBlend.Run(images, options, weights, token))
            {
                collector.Take(step);
                progress.Take(step);
                yield return true;
                if (changed() && collector.NoneHalfDone)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>Hands in what other blends of the same images have computed; returns what is left.</summary>
    private async Task<BlendTarget[]> RecallAsync(BlendSnapshot blend, BlendTarget[] missing, IBlendGrain grain, JobRun run)
    {
        var left = new List<BlendTarget>();
        foreach (var target in missing)
        {
            if (await memory.FindAsync(blend, target) is { } known)
            {
                await grain.AddStagesAsync(run.Assignment.Job, known.Frame, known.Stages);
            }
            else
            {
                left.Add(target);
            }
        }

        return [.. left];
    }

    /// <summary>
    /// What is computed in one go: first what somebody waits for, then frames of equal steps. A chain goes with the frames it has, so that its spacing can be told.
    /// </summary>
    private async Task<(BlendTarget[] Targets, BlendOptions Options)> OptionsAsync(
        BlendSnapshot blend, BlendTarget[] missing, BlendListener wishes, CancellationToken cancellationToken)
    {
        var together = missing.GroupBy(target => (target.Wished, target.Steps)).OrderByDescending(group => group.Key.Wished).ThenBy(group => group.Key.Steps).First();
        BlendTarget[] targets = [.. together];
        var (settings, steps) = (blend.Settings, together.Key.Steps == 0 ? blend.Settings.StepsPerFrame : together.Key.Steps);
        var known = new Dictionary<int, ImageBuffer>();
        var all = targets;
        if (blend.Infos.Length == 2 && !together.Key.Wished)
        {
            var line = blend.Targets.Where(target => !target.Wished).ToArray();
            var open = targets.Select(target => target.Index).ToHashSet();
            var there = line.Where(target => !open.Contains(target.Index)).Select(target => Find(blend, target.Index)).OfType<BlendFrame>().Where(frame => frame.Final).ToArray();
            if (settings.Path == BlendPath.Geodesic || BlendLine.Fits(there))
            {
                all = [.. line.Where(target => open.Contains(target.Index) || Array.Exists(there, frame => frame.Index == target.Index))];
                foreach (var frame in there)
                {
                    known[frame.Index] = await blobs.LoadAsync(frame.Pixels, cancellationToken);
                }
            }
        }

        return (all, BlendLine.Options(blend, all) with
        {
            StepsPerFrame = steps,
            Near = () => wishes.Near,
            Known = known,
            Resume = settings.Path == BlendPath.Chain ? await ResumeAsync(blend, targets, cancellationToken) : new Dictionary<int, BlendResume>(),
        });
    }

    /// <summary>Finished frames that are wanted with more steps go on from where they are.</summary>
    private async Task<Dictionary<int, BlendResume>> ResumeAsync(BlendSnapshot blend, BlendTarget[] targets, CancellationToken cancellationToken)
    {
        var resume = new Dictionary<int, BlendResume>();
        foreach (var target in targets)
        {
            if (Find(blend, target.Index) is { Final: true, StepsDone: > 0 } frame)
            {
                resume[target.Index] = new BlendResume(await blobs.LoadAsync(frame.Pixels, cancellationToken), frame.StepsDone);
            }
        }

        return resume;
    }

    /// <summary>False for a frame that is one of the images itself.</summary>
    private static bool IsBetween(BlendTarget target) => Array.TrueForAll(target.Weights, weight => weight < 1);

    private static BlendFrame? Find(BlendSnapshot blend, int index) => Array.Find(blend.Frames, frame => frame.Index == index);
}
