using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;

namespace Grainy.Contracts.Blending;

/// <summary>Computes the frames of a blend that its grain does not hold yet.</summary>
/// <param name="Images">All images; null in older jobs, which have two.</param>
[GenerateSerializer, Immutable, Alias("grainy.blend-spec.v1")]
public sealed record BlendSpec(
    [property: Id(0)] BlendId Blend, [property: Id(1)] ImageRef Left, [property: Id(2)] ImageRef Right, [property: Id(3)] BlendSettings Settings,
    [property: Id(4)] ImageRef[]? Images = null) : JobSpec;

/// <summary>How many frames were computed.</summary>
[GenerateSerializer, Immutable, Alias("grainy.blend-result.v1")]
public sealed record BlendResult([property: Id(0)] int Frames) : JobResult;
