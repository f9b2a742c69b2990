using Grainy.Core.Images;

namespace Grainy.Core.Metrics.Maps;

/// <summary>The share of one layer of a network.</summary>
/// <param name="Name">For example <c>layer 3 (256 channels, every 8 pixels)</c>.</param>
/// <param name="Map">One channel, as large as the images.</param>
public sealed record MetricMapLayer(string Name, ImageBuffer Map);
