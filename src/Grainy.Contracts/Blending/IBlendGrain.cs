using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;

namespace Grainy.Contracts.Blending;

/// <summary>A chain of perceptual blends between two images.</summary>
[Alias("grainy.blend")]
public interface IBlendGrain : ILiveTopic, IUserFacing
{
    /// <summary>Makes the blend and starts computing it. Refused when the sizes differ. Editors and owners.</summary>
    [Alias("Create")]
    Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right, BlendSettings settings);

    /// <summary>Computes the frames that are missing. Editors and owners.</summary>
    [Alias("Compute")]
    Task<JobId> ComputeAsync();

    /// <summary>Stops computing; the frames so far stay.</summary>
    [Alias("Stop")]
    Task StopAsync();

    /// <summary>The state now. Members, and guests of a session about this blend.</summary>
    [Alias("Get")]
    Task<BlendSnapshot> GetAsync();

    /// <summary>Takes in a frame whose blobs are stored, replacing an earlier stage of it; called for the blend job by the system.</summary>
    [Alias("AddFrame")]
    Task AddFrameAsync(JobId job, BlendFrame frame);
}

/// <summary>How a blend is computed.</summary>
[GenerateSerializer, Immutable, Alias("grainy.blend-settings.v1")]
public sealed record BlendSettings
{
    /// <summary>Frames including both ends, 3 to 33.</summary>
    [Id(0)]
    public int Frames { get; init; } = 9;

    /// <summary>Longer side of the frames in pixels, 64 to 1024.</summary>
    [Id(1)]
    public int Size { get; init; } = 256;

    /// <summary>Seed of the random transforms.</summary>
    [Id(2)]
    public long Seed { get; init; } = 1;

    /// <summary>Optimisation steps per frame, 10 to 5,000.</summary>
    [Id(3)]
    public int StepsPerFrame { get; init; } = 150;
}

/// <summary>Computes the frames of a blend that its grain does not hold yet.</summary>
[GenerateSerializer, Immutable, Alias("grainy.blend-spec.v1")]
public sealed record BlendSpec(
    [property: Id(0)] BlendId Blend, [property: Id(1)] ImageRef Left, [property: Id(2)] ImageRef Right, [property: Id(3)] BlendSettings Settings) : JobSpec;

/// <summary>How many frames were computed.</summary>
[GenerateSerializer, Immutable, Alias("grainy.blend-result.v1")]
public sealed record BlendResult([property: Id(0)] int Frames) : JobResult;

/// <summary>One frame.</summary>
/// <param name="Index">0 is the left image, the last the right one.</param>
/// <param name="Weight">Share of the right image, in [0, 1].</param>
/// <param name="Energy">Σ wᵢ·d(xᵢ, X)², an average over fixed transforms; 0 at the ends.</param>
/// <param name="MixEnergy">The same of the pixel mix, for contrast.</param>
/// <param name="Png">8-bit picture.</param>
/// <param name="Pixels">Float planes (NPY).</param>
/// <param name="Final">False for an early stage that will be refined.</param>
[GenerateSerializer, Immutable, Alias("grainy.blend-frame.v1")]
public sealed record BlendFrame(
    [property: Id(0)] int Index, [property: Id(1)] double Weight, [property: Id(2)] double Energy, [property: Id(3)] double MixEnergy,
    [property: Id(4)] BlobRef Png, [property: Id(5)] BlobRef Pixels, [property: Id(6)] bool Final);

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

    /// <summary>Weight 0.</summary>
    [Id(2)]
    public required ImageRef Left { get; init; }

    /// <summary>Weight 1.</summary>
    [Id(3)]
    public required ImageRef Right { get; init; }

    /// <summary>Facts of the left image.</summary>
    [Id(4)]
    public required ImageInfo LeftInfo { get; init; }

    /// <summary>Facts of the right image.</summary>
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
}
