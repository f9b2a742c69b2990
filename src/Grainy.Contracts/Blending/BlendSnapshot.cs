using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;

namespace Grainy.Contracts.Blending;

/// <summary>All that a page shows of a blend.</summary>
[GenerateSerializer, Immutable, Alias("grainy.blend-snapshot.v1")]
public sealed record BlendSnapshot : LiveSnapshot
{
    /// <summary>The blend.</summary>
    [Id(0)]
    public required BlendId Id { get; init; }

    /// <summary>Who owns it.</summary>
    [Id(1)]
    public required WorkspaceId Workspace { get; init; }

    /// <summary>The first image.</summary>
    [Id(2)]
    public required ImageRef Left { get; init; }

    /// <summary>The second image.</summary>
    [Id(3)]
    public required ImageRef Right { get; init; }

    /// <summary>Facts of the first image, with the pixels that are blended.</summary>
    [Id(4)]
    public required ImageInfo LeftInfo { get; init; }

    /// <summary>Facts of the second image.</summary>
    [Id(5)]
    public required ImageInfo RightInfo { get; init; }

    /// <summary>How it is computed.</summary>
    [Id(6)]
    public required BlendSettings Settings { get; init; }

    /// <summary>Frames so far, by index.</summary>
    [Id(7)]
    public BlendFrame[] Frames { get; init; } = [];

    /// <summary>The job that computes, if one was started.</summary>
    [Id(8)]
    public JobId? Job { get; init; }

    /// <summary>State of that job.</summary>
    [Id(9)]
    public JobState? JobState { get; init; }

    /// <summary>Its latest report.</summary>
    [Id(10)]
    public JobProgress? Progress { get; init; }

    /// <summary>Why computing failed, for people.</summary>
    [Id(11)]
    public string? Problem { get; init; }

    /// <summary>All images, two to four.</summary>
    [Id(12)]
    public ImageRef[] Images { get; init; } = [];

    /// <summary>Facts of all images, with the pixels that are blended: all of one size.</summary>
    [Id(13)]
    public ImageInfo[] Infos { get; init; } = [];

    /// <summary>Every frame that is there or wanted, by index.</summary>
    [Id(14)]
    public BlendTarget[] Targets { get; init; } = [];

    /// <summary>Name of the distance that is used.</summary>
    [Id(15)]
    public string Metric { get; init; } = "";

    /// <summary>What was done to make the images lie over each other, for people; null when they were taken as they are.</summary>
    [Id(16)]
    public string? FittingNote { get; init; }

    /// <summary>How evenly the frames of a chain are spaced; null until all of them are there, and for more than two images.</summary>
    [Id(17)]
    public ChainSpacing? Spacing { get; init; }

    /// <summary>
    /// How evenly the frames were spaced by equal steps of the weight, before they were moved; null while that is still to come, and where it was not asked for. The same as
    /// <see cref="Spacing"/> where moving them made nothing better.
    /// </summary>
    [Id(18)]
    public ChainSpacing? SpacingBefore { get; init; }
}

/// <summary>How evenly the frames of a chain are spaced in the metric.</summary>
/// <param name="Distances">Between neighbouring frames, in order.</param>
/// <param name="Errors">Standard error of each distance.</param>
/// <param name="Straight">Distance between the two images.</param>
[GenerateSerializer, Immutable, Alias("grainy.chain-spacing.v1")]
public sealed record ChainSpacing([property: Id(0)] double[] Distances, [property: Id(1)] double[] Errors, [property: Id(2)] double Straight)
{
    /// <summary>Smallest distance over the largest, in [0, 1]; 1 is perfectly even.</summary>
    public double Evenness => Distances.Length == 0 || Distances.Max() <= 0 ? 1 : Distances.Min() / Distances.Max();

    /// <summary>Where each frame lies along the chain, from 0 to 1, when the distances between neighbours are added up; one more than <see cref="Distances"/>.</summary>
    public double[] Places()
    {
        var (total, sum) = (Math.Max(Distances.Sum(), double.Epsilon), 0.0);
        return [0, .. Distances.Select(distance => (sum += distance) / total)];
    }
}
