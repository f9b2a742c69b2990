using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;
using Grainy.Web.Shared.ImageViewer;

namespace Grainy.Web.Features.Blending;

/// <summary>A blend and how far it is computed.</summary>
public sealed class BlendState(UserGrains grains, BlendId id)
{
    /// <summary>How many more steps one press gives.</summary>
    public const int MoreSteps = 240;

    public BlendId Id => id;

    /// <summary>Null while loading.</summary>
    public BlendSnapshot? Blend { get; private set; }

    /// <summary>What the viewer shows.</summary>
    public BlendScene? Scene { get; private set; }

    public bool Computing => Blend?.JobState?.IsActive() == true;

    /// <summary>Frames to be computed, without the images themselves.</summary>
    public int Wanted => Blend?.Targets.Count(target => !IsImage(target)) ?? 0;

    /// <summary>True when the frames are still to be moved until they are evenly spaced.</summary>
    public bool MustMove => Blend is { Settings.Spacing: FrameSpacing.Even, SpacingBefore: null };

    /// <summary>Those of them that are finished.</summary>
    public int Done => Blend?.Targets.Count(target => !IsImage(target) && target.IsDone(FrameOf(target))) ?? 0;

    /// <summary>Frames that are there and were given more steps.</summary>
    private int Refined => Blend?.Targets.Count(target => !IsImage(target) && FrameOf(target) is { Final: true } frame && !target.IsDone(frame)) ?? 0;

    /// <summary>Finished frames in the order of the targets, without the images themselves.</summary>
    public IEnumerable<BlendFrame> Finished => Blend?.Frames.Where(frame => frame is { Final: true, MixEnergy: > 0 }).OrderBy(frame => frame.Index) ?? Enumerable.Empty<BlendFrame>();

    /// <summary>How far it is, in words.</summary>
    public string Headline
    {
        get
        {
            var text = $"{Done + Refined} of {Wanted} frames computed";
            text = Refined > 0 ? $"{text} · {Words.Count(Refined, "frame")} with more steps to do" : text;
            return Computing && Blend?.Progress?.EtaSeconds is { } eta ? $"{text} · {Words.Duration(eta)} left" : text;
        }
    }

    /// <summary>What the job does now, or null.</summary>
    public string? Activity => !Computing ? null
        : Blend?.Progress is not { } progress ? "waiting for a device"
        : progress.Loss is { } energy ? $"{progress.Activity} · energy × 1000: {Words.Number(energy * 1000, "0.000")}" : progress.Activity;

    public void Take(BlendSnapshot blend)
    {
        Blend = blend;
        Scene = blend.Scene();
    }

    public Task ComputeAsync() => grains.DoAsync(g => g.Blend(id).ComputeAsync());

    public Task StopAsync() => grains.DoAsync(g => g.Blend(id).StopAsync());

    /// <summary>More steps for a frame, or for all.</summary>
    public Task ExtendAsync(int? frame) => grains.DoAsync(g => g.Blend(id).ExtendAsync(frame, MoreSteps));

    private static bool IsImage(BlendTarget target) => Array.Exists(target.Weights, weight => weight >= 1);

    private BlendFrame? FrameOf(BlendTarget target) => Array.Find(Blend!.Frames, frame => frame.Index == target.Index);
}
