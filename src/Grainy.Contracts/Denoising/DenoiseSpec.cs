using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;

namespace Grainy.Contracts.Denoising;

/// <summary>Denoises images at once with a model that is there, without any training.</summary>
/// <param name="Images">1 to 60 images, each at least 16 × 16 pixels.</param>
/// <param name="Model">A trained model of the same workspace; null: the general denoiser that comes with the server.</param>
[GenerateSerializer, Immutable, Alias("grainy.denoise-spec.v1")]
public sealed record DenoiseSpec([property: Id(0)] ImageRef[] Images, [property: Id(1)] ModelId? Model = null) : JobSpec
{
    /// <summary>Most images of one job.</summary>
    public const int MostImages = 60;
}

/// <summary>What became of the images.</summary>
/// <param name="Images">Those that could be denoised, in the order in which they were given.</param>
/// <param name="Problems">Those that could not, each with its reason.</param>
[GenerateSerializer, Immutable, Alias("grainy.denoise-result.v1")]
public sealed record DenoiseResult([property: Id(0)] DenoisedImage[] Images, [property: Id(1)] ImageProblem[] Problems) : JobResult;
