namespace Grainy.Core.Metrics.Maps;

/// <summary>Where the computation of a map stands.</summary>
/// <param name="Fraction">Finished share, 0 … 1.</param>
/// <param name="Map">Set in the last update.</param>
public sealed record MetricMapUpdate(double Fraction, MetricMap? Map);
