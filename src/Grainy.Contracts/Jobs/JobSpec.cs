using System.Text.Json.Serialization;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Denoising;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Training;

namespace Grainy.Contracts.Jobs;

/// <summary>What is to be done: one of the records below. Stored as JSON with the discriminator <c>$kind</c>, apart from any property of a spec.</summary>
[GenerateSerializer, Immutable, Alias("grainy.job-spec")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$kind")]
[JsonDerivedType(typeof(TrainSpec), "train")]
[JsonDerivedType(typeof(ScoreSpec), "score")]
[JsonDerivedType(typeof(MeasureSpec), "measure")]
[JsonDerivedType(typeof(MapSpec), "map")]
[JsonDerivedType(typeof(BlendSpec), "blend")]
[JsonDerivedType(typeof(AverageSpec), "average")]
[JsonDerivedType(typeof(SampleSpec), "sample")]
[JsonDerivedType(typeof(NoiseSpec), "noise")]
[JsonDerivedType(typeof(DenoiseSpec), "denoise")]
public abstract record JobSpec;

/// <summary>What came out of a job.</summary>
[GenerateSerializer, Immutable, Alias("grainy.job-result")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$kind")]
[JsonDerivedType(typeof(TrainResult), "train")]
[JsonDerivedType(typeof(ScoreResult), "score")]
[JsonDerivedType(typeof(MeasureResult), "measure")]
[JsonDerivedType(typeof(MapResult), "map")]
[JsonDerivedType(typeof(BlendResult), "blend")]
[JsonDerivedType(typeof(AverageResult), "average")]
[JsonDerivedType(typeof(SampleResult), "sample")]
[JsonDerivedType(typeof(NoiseResult), "noise")]
[JsonDerivedType(typeof(DenoiseResult), "denoise")]
public abstract record JobResult
{
    /// <summary>Denoised images that came out, in order; empty for other kinds of work.</summary>
    public IReadOnlyList<DenoisedImage> Denoised() => this switch
    {
        TrainResult train => train.Images,
        DenoiseResult denoise => denoise.Images,
        _ => [],
    };
}
