using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Metrics;

/// <summary>What is chosen for a new comparison: images of one or several datasets, their layout, metrics.</summary>
public sealed class PickState(UserGrains grains)
{
    private const int Page = 60;

    private readonly List<(ImageRef Ref, ImageInfo Info)> _chosen = [];
    private readonly HashSet<string> _metrics = [];
    private readonly List<ImageInfo> _images = [];

    /// <summary>Null while loading.</summary>
    public WorkspaceEntry[]? Datasets { get; private set; }

    /// <summary>The dataset whose images are shown.</summary>
    public DatasetId Dataset { get; private set; }

    /// <summary>Images of the dataset, as far as they were read.</summary>
    public IReadOnlyList<ImageInfo> Images => _images;

    /// <summary>True when the dataset has more.</summary>
    public bool HasMore { get; private set; }

    /// <summary>In the order of choosing; the first one is the reference.</summary>
    public IReadOnlyList<(ImageRef Ref, ImageInfo Info)> Chosen => _chosen;

    /// <summary>All metrics, also those that cannot be used here.</summary>
    public MetricChoice[] Metrics { get; private set; } = [];

    /// <summary>Which pairs will be measured.</summary>
    public ComparisonLayout Layout { get; set; }

    /// <summary>True when a comparison can be made.</summary>
    public bool Ready => _chosen.Count >= 2 && Obstacle is null;

    /// <summary>What to do next, or what is wrong.</summary>
    public string Hint => Obstacle ?? _chosen.Count switch
    {
        0 => Layout == ComparisonLayout.Reference ? "Choose the reference" : "Choose the first image",
        1 => "Choose an image to compare with it",
        _ => Layout == ComparisonLayout.Reference
            ? $"{Words.Count(_chosen.Count - 1, "image")} against {_chosen[0].Info.Name}"
            : $"{Words.Count(ComparisonPairs.Of(Layout, _chosen.Count).Count, "pair")} of {_chosen.Count} images",
    };

    private string? Obstacle
    {
        get
        {
            var most = Layout == ComparisonLayout.Matrix ? ComparisonPairs.MostInMatrix : ComparisonPairs.MostImages;
            var first = _chosen.FirstOrDefault().Info;
            var other = _chosen.Select(image => image.Info).FirstOrDefault(image => (image.Width, image.Height) != (first!.Width, first.Height));
            return other is not null ? $"{other.Name} is {Words.Size(other)}, {first!.Name} {Words.Size(first)}; choose images of the same size"
                : _chosen.Count > most ? $"At most {most} images; take {_chosen.Count - most} away"
                : _metrics.Count == 0 ? "Choose at least one metric"
                : null;
        }
    }

    /// <summary>Reads datasets and metrics.</summary>
    public async Task LoadAsync()
    {
        Metrics = await grains.AskAsync(g => g.Metrics(WorkspaceId.Main).ListAsync());
        _metrics.UnionWith(Metrics.Where(metric => metric is { Default: true, Problem: null }).Select(metric => metric.Name));
        var datasets = await EntryPages.AllAsync(grains, EntryKind.Dataset);
        if (datasets.Length > 0)
        {
            await OpenAsync(new DatasetId(datasets[0].Id));
        }

        Datasets = datasets;
    }

    /// <summary>Shows another dataset; what is chosen stays.</summary>
    public async Task OpenAsync(DatasetId dataset)
    {
        _images.Clear();
        Dataset = dataset;
        await MoreAsync();
    }

    /// <summary>Reads the next images.</summary>
    public async Task MoreAsync()
    {
        var page = await grains.AskAsync(g => g.Dataset(Dataset).GetImagesAsync(_images.Count, Page));
        _images.AddRange(page);
        HasMore = page.Length == Page;
    }

    /// <summary>Place of an image among the chosen ones, from 0; −1 when it is not chosen.</summary>
    public int PlaceOf(ImageInfo image) => _chosen.FindIndex(chosen => chosen.Ref == new ImageRef(Dataset, image.Id));

    /// <summary>Chooses an image, or takes it away.</summary>
    public void Toggle(ImageInfo image)
    {
        var place = PlaceOf(image);
        if (place >= 0)
        {
            _chosen.RemoveAt(place);
        }
        else
        {
            _chosen.Add((new ImageRef(Dataset, image.Id), image));
        }
    }

    /// <summary>True when the metric will be measured.</summary>
    public bool Uses(MetricChoice metric) => _metrics.Contains(metric.Name);

    /// <summary>Chooses a metric, or takes it away.</summary>
    public void Toggle(MetricChoice metric)
    {
        if (!_metrics.Remove(metric.Name))
        {
            _metrics.Add(metric.Name);
        }
    }

    /// <summary>What is to be compared.</summary>
    public ComparisonPlan Plan() => new(
        Layout, [.. _chosen.Select(image => image.Ref)], [.. Metrics.Select(metric => metric.Name).Where(_metrics.Contains)]);
}
