using Grainy.Contracts.Blending;
using Grainy.Core.Blending;
using Grainy.Core.Devices;
using Grainy.Core.Images;
using Grainy.Core.Weights;
using Grainy.Grains.Images;
using BlendFrame = Grainy.Contracts.Blending.BlendFrame;
using BlendTarget = Grainy.Contracts.Blending.BlendTarget;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>What is done with the frames between two images when all of them are there: they are spaced evenly where that is wanted, and their spacing is told.</summary>
internal sealed class BlendLine(ImageBlobs blobs, WeightStore weights, JobRun run, IBlendGrain grain) : IAsyncDisposable
{
    /// <summary>Finished frames are handed to a computation only while they fit, in samples of four bytes: 600 MB.</summary>
    private const long MostSamples = 150_000_000;

    private BlendMoves? _moves;
    private string? _settled;

    /// <summary>How many frames are still to be moved.</summary>
    public static int ToMove(BlendSnapshot blend) => MustMove(blend) ? Line(blend).Count(IsBetween) : 0;

    /// <summary>True when there is something left to do with frames that are all there.</summary>
    public bool IsOpen(BlendSnapshot blend) => blend.Infos.Length == 2 && _settled != BlendMoves.KeyOf(Between(blend))
        && (MustMove(blend) || (blend.Spacing is null && Fits(Between(blend))));

    /// <summary>Does it; returns before its end when something else is wanted.</summary>
    public async Task SettleAsync(
        BlendSnapshot blend, IReadOnlyList<ImageBuffer> images, BlendProgress progress, Func<bool> changed, CancellationToken cancellationToken)
    {
        var frames = Between(blend);
        if (!MustMove(blend))
        {
            await MeasureAsync(blend, frames, images, cancellationToken);
        }
        else if (!await MoveAsync(blend, frames, images, progress, changed, cancellationToken))
        {
            return;
        }

        _settled = BlendMoves.KeyOf(frames);
    }

    public ValueTask DisposeAsync() => _moves?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>How the frames of a blend are computed.</summary>
    public static BlendOptions Options(BlendSnapshot blend, IEnumerable<BlendTarget> targets) => new()
    {
        Frames = [.. targets.Select(target => new Core.Blending.BlendTarget(target.Index, target.Weights))],
        Size = blend.Settings.Size,
        Seed = unchecked((ulong)blend.Settings.Seed),
        Metric = blend.Metric,
        Path = blend.Settings.Path == BlendPath.Geodesic ? "geodesic" : "chain",
        Reference = blend.Settings.Reference,
        StepsPerFrame = blend.Settings.StepsPerFrame,
    };

    /// <summary>True for frames that may all be in memory.</summary>
    public static bool Fits(IEnumerable<BlendFrame> frames) => frames.Sum(frame => frame.Pixels.Length / sizeof(float)) < MostSamples;

    private static bool MustMove(BlendSnapshot blend) =>
        blend is { Settings.Spacing: FrameSpacing.Even, SpacingBefore: null } && BlendTargets.CanBeSpacedEvenly(blend.Infos.Length, blend.Settings);

    private static BlendTarget[] Line(BlendSnapshot blend) => [.. blend.Targets.Where(target => !target.Wished).OrderBy(target => target.Index)];

    private static bool IsBetween(BlendTarget target) => Array.TrueForAll(target.Weights, weight => weight < 1);

    private static BlendFrame[] Between(BlendSnapshot blend)
    {
        var inner = Line(blend).Where(IsBetween).Select(target => target.Index).ToHashSet();
        return [.. blend.Frames.Where(frame => inner.Contains(frame.Index) && frame.Final).OrderBy(frame => frame.Index)];
    }

    private async Task<bool> MoveAsync(
        BlendSnapshot blend, BlendFrame[] frames, IReadOnlyList<ImageBuffer> images, BlendProgress progress, Func<bool> changed, CancellationToken cancellationToken)
    {
        if (_moves?.Key != BlendMoves.KeyOf(frames))
        {
            await DisposeAsync();
            var computed = new Dictionary<int, BlendResume>();
            foreach (var frame in frames)
            {
                computed[frame.Index] = new BlendResume(await blobs.LoadAsync(frame.Pixels, cancellationToken), frame.StepsDone);
            }

            _moves = new BlendMoves(run, frames, images, Options(blend, Line(blend)) with { Spacing = "even", Computed = computed }, weights, cancellationToken);
        }

        if (!await _moves.ContinueAsync(progress, changed, cancellationToken))
        {
            return false;
        }

        await _moves.HandInAsync(blobs, grain, blend);
        return true;
    }

    // Of frames that came from other blends, or were computed further one by one.
    private async Task MeasureAsync(BlendSnapshot blend, BlendFrame[] frames, IReadOnlyList<ImageBuffer> images, CancellationToken cancellationToken)
    {
        var known = new Dictionary<int, ImageBuffer>();
        foreach (var frame in frames)
        {
            known[frame.Index] = await blobs.LoadAsync(frame.Pixels, cancellationToken);
        }

        BlendSpacing? spacing = null;
        await run.Worker.RunSlicesAsync(Slices, DeviceLane.Interactive, cancellationToken);
        if (spacing is not null)
        {
            await grain.SetSpacingAsync(run.Assignment.Job, BlendMoves.Contract(spacing));
        }

        IEnumerable<bool> Slices(CancellationToken token)
        {
            foreach (var step in PerceptualBlend.Run(images, Options(blend, Line(blend)) with { Known = known }, weights, token))
            {
                spacing = step.Spacing ?? spacing;
                yield return true;
            }
        }
    }
}
