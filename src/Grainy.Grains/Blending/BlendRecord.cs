using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;

namespace Grainy.Grains.Blending;

/// <summary>What a blend stores.</summary>
internal sealed record BlendRecord
{
    public WorkspaceId? Workspace { get; init; }

    /// <summary>The first of two images in records of an older version, which have no <see cref="Images"/>.</summary>
    public ImageRef? Left { get; init; }

    public ImageRef? Right { get; init; }

    public ImageInfo? LeftInfo { get; init; }

    public ImageInfo? RightInfo { get; init; }

    public BlendSettings Settings { get; init; } = new();

    /// <summary>By index.</summary>
    public BlendFrame[] Frames { get; init; } = [];

    public JobId? Job { get; init; }

    public JobState? JobState { get; init; }

    public string? Problem { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public ImageRef[] Images { get; init; } = [];

    /// <summary>With the pixels that are blended, which are not the image's own where images were made to fit.</summary>
    public ImageInfo[] Infos { get; init; } = [];

    /// <summary>By index; regular ones first.</summary>
    public BlendTarget[] Targets { get; init; } = [];

    /// <summary>The distance that was chosen when the blend was made.</summary>
    public string Metric { get; init; } = "";

    public string? FittingNote { get; init; }

    public ChainSpacing? Spacing { get; init; }

    public ChainSpacing? SpacingBefore { get; init; }

    /// <summary>True when every frame is there.</summary>
    public bool Complete => Array.TrueForAll(Targets, target => target.IsDone(Find(target.Index)));

    public BlendFrame? Find(int index) => Array.Find(Frames, frame => frame.Index == index);

    /// <summary>A record of an older version in the shape of today.</summary>
    public BlendRecord Upgraded(string metric) => Workspace is null || Images.Length > 0 ? this : this with
    {
        Images = [Left!, Right!],
        Infos = [LeftInfo!, RightInfo!],
        Targets = BlendTargets.Of(2, Settings),
        Frames = [.. Frames.Select(frame => frame with { Weights = [1 - frame.Weight, frame.Weight] })],
        Metric = metric,
    };

    /// <summary>Takes in frames at other weights, whatever they replace.</summary>
    public BlendRecord Moved(IReadOnlyList<BlendFrame> frames, ChainSpacing before, ChainSpacing after)
    {
        var moved = frames.ToDictionary(frame => frame.Index);
        return this with
        {
            Targets = [.. Targets.Select(target => moved.TryGetValue(target.Index, out var frame) ? target with { Weights = frame.Weights! } : target)],
            Frames = [.. Frames.Select(frame => moved.GetValueOrDefault(frame.Index) ?? frame)],
            Spacing = after,
            SpacingBefore = before,
        };
    }

    /// <summary>Takes in a frame; neither an early stage nor a finished picture that is no better replaces a finished one.</summary>
    public BlendRecord With(BlendFrame frame)
    {
        if (Find(frame.Index) is { Final: true } before)
        {
            if (!frame.Final)
            {
                return this;
            }

            if (Settings.Path == BlendPath.Chain && frame.Energy > before.Energy)
            {
                frame = before with { Steps = frame.Steps, StepsDone = frame.StepsDone };
            }
        }

        return this with { Frames = [.. Frames.Where(other => other.Index != frame.Index).Append(frame).OrderBy(other => other.Index)] };
    }
}

/// <summary>Pictures of the way to each frame, by its index; stored apart, because they are many and seldom read.</summary>
internal sealed record BlendStagesRecord
{
    public Dictionary<int, BlendStage[]> Frames { get; init; } = [];
}
