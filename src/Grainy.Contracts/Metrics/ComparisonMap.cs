using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;

namespace Grainy.Contracts.Metrics;

/// <summary>Where a pair differs by a metric: pictures of it, made on request.</summary>
[GenerateSerializer, Immutable, Alias("grainy.comparison-map.v1")]
public sealed record ComparisonMap
{
    /// <summary>Number of the pair, see <see cref="ComparisonPairs"/>.</summary>
    [Id(0)]
    public required int Pair { get; init; }

    /// <summary>Name of the metric.</summary>
    [Id(1)]
    public required string Metric { get; init; }

    /// <summary>The job that makes it.</summary>
    [Id(2)]
    public required JobId Job { get; init; }

    /// <summary>State of that job.</summary>
    [Id(3)]
    public JobState State { get; init; }

    /// <summary>Why there is no map, one sentence for people.</summary>
    [Id(4)]
    public string? Problem { get; init; }

    /// <summary>The sum first, then the layers that it is the sum of, if there are any; empty while it is made.</summary>
    [Id(5)]
    public MapLayer[] Layers { get; init; } = [];

    /// <summary>All that the map depends on besides the images.</summary>
    [Id(6)]
    public string Fingerprint { get; init; } = "";
}

/// <summary>One picture of a map.</summary>
/// <param name="Name">For people, for example <c>sum</c>.</param>
/// <param name="Png">8-bit colours, at most 2048 pixels on the longer side; dark is no difference.</param>
/// <param name="Values">Float values (NPY, 1·H·W), as large as the images.</param>
/// <param name="Brightest">The value from which on the picture shows the brightest colour: all but one pixel in a thousand are below.</param>
/// <param name="Largest">The largest value.</param>
/// <param name="Mean">The mean of all values.</param>
[GenerateSerializer, Immutable, Alias("grainy.map-layer.v1")]
public sealed record MapLayer(
    [property: Id(0)] string Name, [property: Id(1)] BlobRef Png, [property: Id(2)] BlobRef Values, [property: Id(3)] double Brightest, [property: Id(4)] double Largest,
    [property: Id(5)] double Mean);

/// <summary>Where the making of a map stands.</summary>
/// <param name="Fraction">Part done, in [0, 1].</param>
[GenerateSerializer, Immutable, Alias("grainy.map-status.v1")]
public sealed record MapStatus(
    [property: Id(0)] int Pair, [property: Id(1)] string Metric, [property: Id(2)] JobState State, [property: Id(3)] double Fraction, [property: Id(4)] string? Problem);

/// <summary>Makes a map of one pair of a comparison by one metric.</summary>
[GenerateSerializer, Immutable, Alias("grainy.map-spec.v1")]
public sealed record MapSpec(
    [property: Id(0)] ComparisonId Comparison, [property: Id(1)] int Pair, [property: Id(2)] string Metric, [property: Id(3)] ImageRef First, [property: Id(4)] ImageRef Second) : JobSpec;

/// <summary>How many pictures a map has; they are in the comparison.</summary>
[GenerateSerializer, Immutable, Alias("grainy.map-result.v1")]
public sealed record MapResult([property: Id(0)] int Layers) : JobResult;
