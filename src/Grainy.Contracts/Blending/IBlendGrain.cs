using Grainy.Contracts.Datasets;
using Grainy.Contracts.Live;
using Orleans.Concurrency;

namespace Grainy.Contracts.Blending;

/// <summary>Perceptual blends of two to four images: a chain of frames between two, a triangle or tetrahedron of them between more.</summary>
[Alias("grainy.blend")]
public interface IBlendGrain : ILiveTopic, IUserFacing
{
    /// <summary>Makes the blend of two images and starts computing it. Refused when the sizes differ. Editors and owners.</summary>
    [Alias("Create")]
    Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right, BlendSettings settings);

    /// <summary>
    /// Makes a blend and starts computing it. Images of different size or colour are refused unless the plan says how to make them fit. Editors and owners.
    /// </summary>
    [Alias("CreatePlanned")]
    Task CreatePlannedAsync(WorkspaceId workspace, BlendPlan plan);

    /// <summary>Computes the frames that are missing. Editors and owners.</summary>
    [Alias("Compute")]
    Task<JobId> ComputeAsync();

    /// <summary>Stops computing; the frames so far stay.</summary>
    [Alias("Stop")]
    Task StopAsync();

    /// <summary>
    /// Computes again with more steps, one frame or all; a frame's picture stays until a better one is there. Editors and owners.
    /// </summary>
    /// <param name="frame">Null for all.</param>
    /// <param name="steps">10 to 5,000 more per frame; 20,000 in all.</param>
    [Alias("Extend")]
    Task<JobId> ExtendAsync(int? frame, int steps);

    /// <summary>
    /// Adds a frame at any place between the images and computes it before the others; the index of the frame there is, when there is one. Editors and owners.
    /// </summary>
    /// <param name="weights">One for each image, not negative; they are divided by their sum.</param>
    [Alias("Wish")]
    Task<int> WishAsync(double[] weights);

    /// <summary>Says where somebody looks: frames near it are computed first. Members, and guests of a session about this blend. Nothing is stored.</summary>
    /// <param name="weights">As for <see cref="WishAsync"/>.</param>
    [Alias("Near"), AlwaysInterleave]
    Task NearAsync(double[] weights);

    /// <summary>The state now. Members, and guests of a session about this blend.</summary>
    [Alias("Get")]
    Task<BlendSnapshot> GetAsync();

    /// <summary>Pictures of a frame on its way, by steps; none when it has no such frame. For whom <see cref="GetAsync"/> is.</summary>
    [Alias("GetStages")]
    Task<BlendStage[]> GetStagesAsync(int frame);

    /// <summary>Takes in a frame whose blobs are stored, replacing an earlier stage of it; called for the blend job by the system.</summary>
    [Alias("AddFrame")]
    Task AddFrameAsync(JobId job, BlendFrame frame);

    /// <summary>As <see cref="AddFrameAsync"/>, with pictures to be kept for looking at the way that led to it; called for the blend job by the system.</summary>
    [Alias("AddStages")]
    Task AddStagesAsync(JobId job, BlendFrame frame, BlendStage[] stages);

    /// <summary>Takes in how evenly the frames of a chain are spaced; called for the blend job by the system.</summary>
    [Alias("SetSpacing")]
    Task SetSpacingAsync(JobId job, ChainSpacing spacing);

    /// <summary>
    /// Takes in frames that lie at other weights than those of the same index before, all at once, and how even the chain was and is; called for the blend job by the system.
    /// </summary>
    /// <param name="frames">None where moving made nothing better.</param>
    [Alias("Respace")]
    Task RespaceAsync(JobId job, MovedFrame[] frames, ChainSpacing before, ChainSpacing after);

    /// <summary>Where somebody looked last, and how many frames were wished for so far; called by the system for the blend job while it runs.</summary>
    [Alias("GetWishes"), AlwaysInterleave]
    Task<BlendWishes> GetWishesAsync();
}

/// <summary>What a running blend job should know of those who look on.</summary>
/// <param name="Near">Weights of the place where somebody looks; null before anybody did.</param>
/// <param name="Revision">Grows when frames are added or wanted with more steps.</param>
[GenerateSerializer, Immutable, Alias("grainy.blend-wishes.v1")]
public sealed record BlendWishes([property: Id(0)] double[]? Near, [property: Id(1)] int Revision);
