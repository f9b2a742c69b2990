namespace Grainy.Contracts.Metrics;

/// <summary>Where a cell stands.</summary>
[GenerateSerializer, Alias("grainy.cell-state")]
public enum CellState
{
    /// <summary>Waits to be measured, or to be measured further.</summary>
    Waiting = 0,

    /// <summary>Is being measured; its value, if any, is on its way.</summary>
    Measuring = 1,

    /// <summary>Has its value; <see cref="MetricScore.Final"/> is false where it was stopped early.</summary>
    Done = 2,

    /// <summary>Cannot have a value; see <see cref="ComparisonCell.Problem"/>.</summary>
    Failed = 3,
}

/// <summary>One pair by one metric.</summary>
[GenerateSerializer, Immutable, Alias("grainy.comparison-cell.v1")]
public sealed record ComparisonCell
{
    /// <summary>Number of the pair, see <see cref="ComparisonPairs"/>.</summary>
    [Id(0)]
    public required int Pair { get; init; }

    /// <summary>Name of the metric.</summary>
    [Id(1)]
    public required string Metric { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)]
    public CellState State { get; init; }

    /// <summary>The value so far; null before the first.</summary>
    [Id(3)]
    public MetricScore? Score { get; init; }

    /// <summary>Why there is no value, one sentence for people.</summary>
    [Id(4)]
    public string? Problem { get; init; }

    /// <summary>Grows with each change; no two cells of a comparison share one.</summary>
    [Id(5)]
    public long Revision { get; init; }

    /// <summary>True when the workspace had the value already and nothing was computed.</summary>
    [Id(6)]
    public bool Remembered { get; init; }

    /// <summary>How far the next candidate in this metric's order is away; null where it was not measured together or for other layouts.</summary>
    [Id(7)]
    public ScoreGap? Gap { get; init; }

    /// <summary>State of the sampling, from which a refinement goes on; null for metrics without randomness.</summary>
    [Id(8)]
    public BlobRef? Continuation { get; init; }

    /// <summary>Random transforms that a refinement wants in all; null where the usual number does.</summary>
    [Id(9)]
    public int? Goal { get; init; }
}

/// <summary>The difference between two candidates, measured under the same random transforms: far less uncertain than the difference of two values.</summary>
/// <param name="Other">Number of the other pair.</param>
/// <param name="Difference">Value of the other pair minus value of this one.</param>
/// <param name="StandardError">Of <paramref name="Difference"/>.</param>
[GenerateSerializer, Immutable, Alias("grainy.score-gap.v1")]
public sealed record ScoreGap([property: Id(0)] int Other, [property: Id(1)] double Difference, [property: Id(2)] double StandardError);
