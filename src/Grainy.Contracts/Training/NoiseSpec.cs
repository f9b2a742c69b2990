using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;

namespace Grainy.Contracts.Training;

/// <summary>Measures the noise of images and proposes how to train on them. Light work on the pool of a worker's process, not on its device.</summary>
/// <param name="Images">1 to 60, all with the same number of channels.</param>
[GenerateSerializer, Immutable, Alias("grainy.noise-spec.v1")]
public sealed record NoiseSpec([property: Id(0)] ImageRef[] Images) : JobSpec
{
    /// <summary>
    /// The job that measures these images for all of a workspace: images never change, so whoever asks again finds the answer that is there. A further
    /// <paramref name="round"/> measures anew after a failure.
    /// </summary>
    public JobId JobIn(WorkspaceId workspace, int round = 0) =>
        JobId.Of($"noise/1/{workspace}/{round}/{string.Join(',', Images.Select(image => $"{image.Dataset}/{image.Image}"))}");
}

/// <summary>What noise a training assumes. Parameters that are null are learned with the network.</summary>
/// <param name="Kind"><c>gaussian</c>, <c>poisson</c>, <c>affine</c> or <c>impulse</c>.</param>
/// <param name="Strength">
/// On the scale [0, 1] of the images: the standard deviation σ of Gaussian noise, counts λ at value 1 of Poisson noise, gain a of affine noise (variance a·x + b), share α of impulses.
/// </param>
/// <param name="Offset">Variance b at signal 0 of affine noise; otherwise null.</param>
/// <param name="PerImage">True to learn unknown parameters for each image; false: once for all.</param>
[GenerateSerializer, Immutable, Alias("grainy.noise-choice.v1")]
public sealed record NoiseChoice(
    [property: Id(0)] string Kind, [property: Id(1)] double? Strength = null, [property: Id(2)] double? Offset = null, [property: Id(3)] bool PerImage = false);
