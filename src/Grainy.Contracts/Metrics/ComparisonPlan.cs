using Grainy.Contracts.Datasets;

namespace Grainy.Contracts.Metrics;

/// <summary>Which pairs of a comparison's images are measured.</summary>
[GenerateSerializer, Alias("grainy.comparison-layout")]
public enum ComparisonLayout
{
    /// <summary>Each image against the first one.</summary>
    Reference = 0,

    /// <summary>Each image against each other.</summary>
    Matrix = 1,
}

/// <summary>What is to be compared.</summary>
/// <param name="Images">Two or more of the same size and number of channels, each once; the reference first where there is one.</param>
/// <param name="Metrics">Names of metrics, each once; empty for the default set.</param>
[GenerateSerializer, Immutable, Alias("grainy.comparison-plan.v1")]
public sealed record ComparisonPlan([property: Id(0)] ComparisonLayout Layout, [property: Id(1)] ImageRef[] Images, [property: Id(2)] string[] Metrics);

/// <summary>An image of a comparison.</summary>
[GenerateSerializer, Immutable, Alias("grainy.comparison-image.v1")]
public sealed record ComparisonImage([property: Id(0)] ImageRef Ref, [property: Id(1)] ImageInfo Info);

/// <summary>The numbering of pairs, the same for all that read a comparison.</summary>
public static class ComparisonPairs
{
    /// <summary>Candidates beside a reference.</summary>
    public const int MostCandidates = 24;

    /// <summary>Images of which all pairs are measured.</summary>
    public const int MostInMatrix = 12;

    /// <summary>Images of any comparison.</summary>
    public const int MostImages = MostCandidates + 1;

    /// <summary>The places of both images of each pair; the index into this list is the pair's number.</summary>
    /// <param name="layout">Which pairs there are.</param>
    /// <param name="images">Number of images, at least 2.</param>
    public static IReadOnlyList<(int First, int Second)> Of(ComparisonLayout layout, int images) => layout == ComparisonLayout.Matrix
        ? [.. Enumerable.Range(0, images).SelectMany(first => Enumerable.Range(first + 1, Math.Max(0, images - first - 1)).Select(second => (first, second)))]
        : [.. Enumerable.Range(1, Math.Max(0, images - 1)).Select(second => (0, second))];
}
