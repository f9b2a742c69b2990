using Grainy.Contracts;
using Grainy.Contracts.Metrics;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Metrics;

/// <summary>Images and what was measured between them; cells are read when the snapshot says that some changed.</summary>
public sealed class ComparisonState(UserGrains grains, ComparisonId id)
{
    private const int PageOfCells = 60;

    private readonly Dictionary<(int Pair, string Metric), ComparisonCell> _cells = [];
    private Guid _epoch;
    private long _since;

    public ComparisonId Id => id;

    /// <summary>Null while loading.</summary>
    public ComparisonSnapshot? Comparison { get; private set; }

    /// <summary>In the comparison's order, the reference first where there is one.</summary>
    public IReadOnlyList<ComparisonImage> Images { get; private set; } = [];

    /// <summary>Places of the images of each pair.</summary>
    public IReadOnlyList<(int First, int Second)> Pairs { get; private set; } = [];

    /// <summary>All cells that are known, in no order.</summary>
    public IReadOnlyCollection<ComparisonCell> Cells => _cells.Values;

    /// <summary>The pair under the divider.</summary>
    public int Shown { get; private set; }

    /// <summary>True while values are still coming.</summary>
    public bool Measuring => Comparison?.JobState?.IsActive() == true;

    /// <summary>True when measuring would find something to do.</summary>
    public bool HasGaps => !Measuring && _cells.Values.Any(cell => cell.Score is not { Final: true });

    /// <summary>True when some estimate could be more precise.</summary>
    public bool CanRefine => !Measuring && _cells.Values.Any(ScoreText.CanBeRefined);

    /// <summary>Takes in a snapshot, and reads the cells that changed since the last one.</summary>
    public async Task TakeAsync(ComparisonSnapshot comparison)
    {
        if (Images.Count == 0)
        {
            Images = await grains.AskAsync(g => g.Comparison(id).GetImagesAsync(0, 30));
            Pairs = ComparisonPairs.Of(comparison.Layout, Images.Count);
        }

        if (_epoch != comparison.Epoch)
        {
            (_epoch, _since) = (comparison.Epoch, 0); // revisions of two lives of a comparison cannot be compared
        }

        while (comparison.Revision > _since)
        {
            var page = await grains.AskAsync(g => g.Comparison(id).GetCellsAsync(_since, PageOfCells));
            foreach (var cell in page)
            {
                _cells[(cell.Pair, cell.Metric)] = cell;
            }

            if (page.Length == 0)
            {
                break;
            }

            _since = page[^1].Revision;
        }

        Comparison = comparison;
    }

    /// <summary>A cell; one that was not read yet is empty.</summary>
    public ComparisonCell Cell(int pair, string metric) => _cells.GetValueOrDefault((pair, metric)) ?? new ComparisonCell { Pair = pair, Metric = metric };

    /// <summary>All cells of a metric, by pair.</summary>
    public IEnumerable<ComparisonCell> Column(string metric) => Enumerable.Range(0, Pairs.Count).Select(pair => Cell(pair, metric));

    /// <summary>Puts a pair under the divider.</summary>
    public void Show(int pair) => Shown = Math.Clamp(pair, 0, Math.Max(0, Pairs.Count - 1));

    /// <summary>An image's name.</summary>
    public string NameOf(int image) => Images[image].Info.Name;

    /// <summary>What stands for a pair: the candidate, or both images.</summary>
    public string PairName(int pair) => Comparison?.Layout == ComparisonLayout.Matrix
        ? $"{NameOf(Pairs[pair].First)} – {NameOf(Pairs[pair].Second)}"
        : NameOf(Pairs[pair].Second);

    /// <summary>What the values say, as sentences.</summary>
    public IReadOnlyList<Verdict> Verdicts() => Comparison is { } comparison ? Ranking.Verdicts(comparison.Metrics, Column, PairName) : [];

    /// <summary>Measures what is missing.</summary>
    public Task MeasureAsync() => grains.DoAsync(g => g.Comparison(id).ScoreAsync());

    /// <summary>Goes on sampling.</summary>
    public Task RefineAsync(string? metric, int? pair) => grains.DoAsync(g => g.Comparison(id).RefineAsync(metric, pair));

    /// <summary>Stops; what is measured stays.</summary>
    public Task StopAsync() => grains.DoAsync(g => g.Comparison(id).CancelAsync());
}
