namespace Grainy.Contracts.Metrics;

/// <summary>The metrics that a workspace can measure by; its key is the workspace's.</summary>
[Alias("grainy.metrics")]
public interface IMetricsGrain : IGrainWithStringKey, IUserFacing
{
    /// <summary>All metrics in the order in which they are offered. Members.</summary>
    [Alias("List")]
    Task<MetricChoice[]> ListAsync();
}

/// <summary>A metric on offer.</summary>
/// <param name="Name">For example <c>lpips-squeeze</c>.</param>
/// <param name="Default">True for those that a comparison shows unasked.</param>
/// <param name="Problem">Why it cannot be used here and what to do, one sentence; null when it can.</param>
[GenerateSerializer, Immutable, Alias("grainy.metric-choice.v1")]
public sealed record MetricChoice([property: Id(0)] string Name, [property: Id(1)] bool Default, [property: Id(2)] string? Problem);
