using Grainy.Core.Metrics;

namespace Grainy.Cli.Scoring;

/// <summary>Two images to compare.</summary>
/// <param name="Reference">A file, or a page of one, by its name for people.</param>
/// <param name="Image">Another one.</param>
/// <param name="Error">Why they cannot be compared, where that is known before they are read.</param>
internal sealed record ImagePair(string Reference, string Image, string? Error = null)
{
    /// <summary>Where the reference is read from; null where its name is that of its file.</summary>
    public FilePage? ReferencePage { get; init; }

    /// <summary>Where the image is read from; null where its name is that of its file.</summary>
    public FilePage? ImagePage { get; init; }
}

/// <summary>One value, or why there is none.</summary>
/// <param name="Pair">Of which images.</param>
/// <param name="Metric">Null where the images failed all metrics alike.</param>
/// <param name="Result">Null where there is an error.</param>
/// <param name="Error">One sentence.</param>
internal sealed record ScoreRow(ImagePair Pair, string? Metric, MetricResult? Result, string? Error)
{
    /// <summary>Place among the images of the same reference, 1 for the most similar one; null where there is only one.</summary>
    public int? Rank { get; init; }

    /// <summary>Where the differences lie, if that was asked for.</summary>
    public MapFile? Map { get; init; }

    /// <summary>Half the width of the 95 % interval; null where the value is exact or its error cannot be known.</summary>
    public double? HalfWidth => 1.96 * Result?.StandardError;
}

/// <summary>Two images that are neighbours in rank, measured under the same random transforms.</summary>
internal sealed record ScoreDifference(string Reference, string Metric, string Nearer, string Farther, double Difference, double StandardError)
{
    public double HalfWidth => 1.96 * StandardError;

    /// <summary>True when the order of the two is not a matter of chance (95 %).</summary>
    public bool Clear => Difference > HalfWidth;

    public bool IsOf(string first, string second) => (Nearer, Farther) == (first, second) || (Farther, Nearer) == (first, second);
}

/// <summary>Two metrics that order two images differently, both beyond their errors.</summary>
internal sealed record Disagreement(string Reference, string First, string Second, string FirstIsNearer, string SecondIsNearer);

/// <summary>All that was found out about the images of one reference.</summary>
internal sealed record ScoreGroup(IReadOnlyList<ScoreRow> Rows, IReadOnlyList<ScoreDifference> Differences, IReadOnlyList<Disagreement> Disagreements);
