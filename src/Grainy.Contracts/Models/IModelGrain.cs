using Grainy.Contracts.Training;

namespace Grainy.Contracts.Models;

/// <summary>A denoiser: how it was made and where its weights are.</summary>
[Alias("grainy.model")]
public interface IModelGrain : IGrainWithStringKey, IUserFacing
{
    /// <summary>Makes the model before its training starts; called by the training job.</summary>
    [Alias("Create")]
    Task CreateAsync(WorkspaceId workspace, string name, TrainSpec spec, JobId job);

    /// <summary>Promotes the finished weights; called by the training job's owner.</summary>
    [Alias("Promote")]
    Task PromoteAsync(BlobRef weights, long steps);

    /// <summary>All that is known.</summary>
    [Alias("Get")]
    Task<ModelInfo> GetAsync();
}

/// <summary>A model's card.</summary>
/// <param name="Weights">The <c>.grainy</c> file; null until the training ends.</param>
[GenerateSerializer, Immutable, Alias("grainy.model-info.v1")]
public sealed record ModelInfo(
    [property: Id(0)] ModelId Id, [property: Id(1)] WorkspaceId Workspace, [property: Id(2)] string Name, [property: Id(3)] TrainSpec Spec,
    [property: Id(4)] JobId Job, [property: Id(5)] BlobRef? Weights, [property: Id(6)] long Steps, [property: Id(7)] DateTimeOffset CreatedAt);
