using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Datasets;

/// <summary>What the library shows and does, without a browser.</summary>
public sealed class LibraryState(UserGrains grains)
{
    /// <summary>Name of the dataset that takes uploads when there is no other.</summary>
    public const string DefaultName = "Uploads";

    private const int PageSize = 60;

    private Task<DatasetId>? _creating;

    /// <summary>Datasets of the workspace; null while loading.</summary>
    public IReadOnlyList<WorkspaceEntry>? Datasets { get; private set; }

    /// <summary>The one that is shown; null when there is none.</summary>
    public DatasetInfo? Current { get; private set; }

    /// <summary>Images of the current dataset that were read so far, by name; null while loading.</summary>
    public List<ImageInfo>? Images { get; private set; }

    /// <summary>True while the dataset has images beyond <see cref="Images"/>.</summary>
    public bool HasMore { get; private set; }

    /// <summary>What is chosen.</summary>
    public Selection Selection { get; } = new();

    /// <summary>Chosen images in the order in which they stand.</summary>
    public IReadOnlyList<ImageInfo> Chosen => Images is null ? [] : [.. Images.Where(image => Selection.Contains(image.Id))];

    /// <summary>Chosen images in the order in which a person chose them.</summary>
    public IReadOnlyList<ImageInfo> ChosenInTurn => [.. Chosen.OrderBy(image => Selection.PlaceOf(image.Id))];

    /// <summary>Chosen images in the order in which they were chosen; the clean version of others first, so that it becomes the reference.</summary>
    public ImageRef[] ChosenForComparison
    {
        get
        {
            var references = Chosen.Select(image => image.Reference).OfType<ImageId>().ToHashSet();
            return [.. ChosenInTurn.OrderBy(image => references.Contains(image.Id) ? 0 : 1).Select(image => new ImageRef(Current!.Id, image.Id))];
        }
    }

    /// <summary>Reads the list of datasets and opens one: the named one, else the newest.</summary>
    public async Task LoadAsync(string? dataset)
    {
        var entries = await EntryPages.AllAsync(grains, EntryKind.Dataset);
        Datasets = entries;
        var id = dataset is not null ? new DatasetId(dataset) : entries.Length > 0 ? new DatasetId(entries[0].Id) : (DatasetId?)null;
        if (id is { } open)
        {
            await OpenAsync(open);
        }
        else
        {
            (Current, Images, HasMore) = (null, [], false);
        }
    }

    /// <summary>Shows a dataset.</summary>
    public async Task OpenAsync(DatasetId dataset)
    {
        if (Current?.Id != dataset)
        {
            Selection.Clear();
        }

        var info = await grains.AskAsync(g => g.Dataset(dataset).GetAsync());
        var images = await grains.AskAsync(g => g.Dataset(dataset).GetImagesAsync(0, PageSize));
        (Current, Images, HasMore) = (info, [.. images], images.Length == PageSize);
    }

    /// <summary>Reads the next images.</summary>
    public async Task MoreAsync()
    {
        if (Current is not { } current || Images is not { } images)
        {
            return;
        }

        var more = await grains.AskAsync(g => g.Dataset(current.Id).GetImagesAsync(images.Count, PageSize));
        images.AddRange(more.Where(image => images.TrueForAll(here => here.Id != image.Id)));
        HasMore = more.Length == PageSize;
    }

    /// <summary>Reads all that is left, for choosing everything.</summary>
    public async Task AllAsync()
    {
        while (HasMore)
        {
            await MoreAsync();
        }
    }

    /// <summary>The dataset into which uploads go; made at the first upload.</summary>
    public async Task<DatasetId> TargetAsync()
    {
        if (Current is { } current)
        {
            return current.Id;
        }

        // Two drops at once share the one creation.
        try
        {
            return await (_creating ??= CreateAsync(DefaultName));
        }
        finally
        {
            _creating = null;
        }
    }

    /// <summary>Makes an empty dataset and shows it.</summary>
    public async Task<DatasetId> CreateAsync(string name)
    {
        var id = await grains.AskAsync(g => g.Workspace(WorkspaceId.Main).CreateDatasetAsync(name.Trim()));
        await LoadAsync(id.Value);
        return id;
    }

    /// <summary>Renames the dataset that is shown.</summary>
    public async Task RenameAsync(string name)
    {
        if (Current is { } current)
        {
            await grains.DoAsync(g => g.Dataset(current.Id).RenameAsync(name.Trim()));
            await LoadAsync(current.Id.Value);
        }
    }

    /// <summary>Takes in images that were uploaded into <paramref name="dataset"/>.</summary>
    public async Task AddUploadedAsync(DatasetId dataset, IReadOnlyList<ImageId> uploaded)
    {
        if (Current?.Id != dataset || Images is null)
        {
            return;
        }

        foreach (var id in uploaded.Distinct())
        {
            var image = await grains.AskAsync(g => g.Dataset(dataset).GetImageAsync(id));
            Insert(image);
        }

        Current = Current with { Images = Math.Max(Current.Images, Images.Count) };
    }

    /// <summary>Makes a dataset of generated images and starts the job that fills it.</summary>
    public async Task<JobId> AddSampleAsync(string kind, string name)
    {
        var dataset = await CreateAsync(name);
        var job = JobId.New();
        await grains.DoAsync(g => g.Job(job).SubmitAsync(new JobSubmission(WorkspaceId.Main, name, new SampleSpec(dataset, kind, 1))));
        return job;
    }

    /// <summary>Reads again what the current dataset holds, keeping the choice.</summary>
    public async Task RefreshAsync()
    {
        if (Current is { } current)
        {
            var wanted = Math.Max(PageSize, Images?.Count ?? 0);
            await OpenAsync(current.Id);
            while (HasMore && Images!.Count < wanted)
            {
                await MoreAsync();
            }
        }
    }

    /// <summary>Deletes what is chosen; the result undoes it.</summary>
    public async Task<Func<Task>> DeleteChosenAsync()
    {
        var dataset = Current!.Id;
        var deleted = Chosen;
        await grains.DoAsync(g => g.Dataset(dataset).RemoveImagesAsync([.. deleted.Select(image => image.Id)]));
        Images!.RemoveAll(deleted.Contains);
        Selection.Clear();
        return async () =>
        {
            foreach (var image in deleted)
            {
                await grains.AskAsync(g => g.Dataset(dataset).AddImageAsync(image));
            }

            if (Current?.Id == dataset)
            {
                await RefreshAsync();
            }
        };
    }

    /// <summary>Names the clean version of all chosen images, or none.</summary>
    public async Task SetReferenceAsync(ImageId? reference)
    {
        var dataset = Current!.Id;
        foreach (var image in Chosen.Where(image => image.Id != reference))
        {
            await grains.DoAsync(g => g.Dataset(dataset).SetReferenceAsync(image.Id, reference));
        }

        await RefreshAsync();
    }

    private void Insert(ImageInfo image)
    {
        Images!.RemoveAll(here => here.Id == image.Id);
        var place = Images.FindIndex(here => string.CompareOrdinal(here.Name, image.Name) > 0);
        if (place >= 0)
        {
            Images.Insert(place, image);
        }
        else if (!HasMore)
        {
            Images.Add(image);
        }
    }
}
