using Grainy.Contracts.Jobs;

namespace Grainy.Contracts.Datasets;

/// <summary>Fills a dataset with images that the product generates itself.</summary>
/// <param name="Kind"><c>stars</c>, <c>cells</c>, <c>box</c> or <c>photo</c>.</param>
[GenerateSerializer, Immutable, Alias("grainy.sample-spec.v1")]
public sealed record SampleSpec([property: Id(0)] DatasetId Dataset, [property: Id(1)] string Kind, [property: Id(2)] long Seed) : JobSpec;

/// <summary>How many images were added.</summary>
[GenerateSerializer, Immutable, Alias("grainy.sample-result.v1")]
public sealed record SampleResult([property: Id(0)] int Images) : JobResult;
