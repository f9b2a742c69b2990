using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;
using Grainy.Web.Shared.ImageViewer;

namespace Grainy.Web.Features.Metrics;

/// <summary>The map that lies over the pictures: which metric and layer, and how far it is.</summary>
public sealed class MapState(UserGrains grains, ComparisonId id)
{
    private int _pair;

    /// <summary>Null when no map is wanted.</summary>
    public string? Metric { get; private set; }

    /// <summary>Place of the shown layer; 0 is the sum.</summary>
    public int Layer { get; private set; }

    /// <summary>The wanted map, made or not; null before the server has answered.</summary>
    public ComparisonMap? Map { get; private set; }

    /// <summary>Part done, in [0, 1].</summary>
    public double Fraction { get; private set; }

    /// <summary>True while it is made.</summary>
    public bool Making => Metric is not null && Map is null or { State: JobState.Queued or JobState.Running or JobState.Cancelling };

    /// <summary>The layer that is shown; null while there is none.</summary>
    public MapLayer? Shown => Map is { Layers: { Length: > 0 } layers } ? layers[Math.Min(Layer, layers.Length - 1)] : null;

    /// <summary>What the viewer lays over the pictures.</summary>
    public MapOverlay? Overlay => Shown is { } layer && Map is { } map
        ? new MapOverlay($"{Words.Metric(map.Metric)}, {layer.Name}", ImageUrls.Map(id, map, Array.IndexOf(map.Layers, layer), layer.Png, "png"))
        : null;

    /// <summary>Where the values of the shown layer can be fetched.</summary>
    public string? Values => Shown is { } layer && Map is { } map ? ImageUrls.Map(id, map, Array.IndexOf(map.Layers, layer), layer.Values, "npy") : null;

    /// <summary>Asks for the map of a metric, or for none.</summary>
    public Task ChooseAsync(string? metric, int pair)
    {
        (Metric, Layer) = (string.IsNullOrEmpty(metric) ? null : metric, 0);
        return AskAsync(pair);
    }

    /// <summary>Another pair is shown: its map is wanted too.</summary>
    public Task MoveAsync(int pair) => pair == _pair ? Task.CompletedTask : AskAsync(pair);

    /// <summary>Asks again for a map that could not be made.</summary>
    public Task RetryAsync() => AskAsync(_pair);

    /// <summary>Shows another layer.</summary>
    public void ChooseLayer(int layer) => Layer = layer;

    /// <summary>Takes in how far maps are; fetches the wanted one once it is made.</summary>
    public async Task TakeAsync(ComparisonSnapshot comparison)
    {
        if (!Making || Map is null || Array.Find(comparison.Maps, map => map.Pair == Map.Pair && map.Metric == Map.Metric) is not { } status)
        {
            return;
        }

        Fraction = status.Fraction;
        if (!status.State.IsActive())
        {
            Map = await grains.AskAsync(g => g.Comparison(id).GetMapAsync(status.Pair, status.Metric)) ?? Map with { State = status.State, Problem = status.Problem };
        }
    }

    private async Task AskAsync(int pair)
    {
        (_pair, Map, Fraction) = (pair, null, 0);
        if (Metric is { } metric)
        {
            try
            {
                var map = await grains.AskAsync(g => g.Comparison(id).MapAsync(pair, metric));
                Map = (Metric, _pair) == (metric, pair) ? map : Map; // another one may be wanted by now
            }
            catch
            {
                Metric = null;
                throw;
            }
        }
    }
}
