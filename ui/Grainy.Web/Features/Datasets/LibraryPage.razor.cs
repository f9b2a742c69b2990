using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Metrics;
using Grainy.Web.Cluster;
using Grainy.Web.Features.Datasets.Parts;
using Grainy.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;
using MudBlazor;

namespace Grainy.Web.Features.Datasets;

public sealed partial class LibraryPage : IAsyncDisposable
{
    private LibraryState _state = null!;
    private JsModule? _upload;
    private DotNetObjectReference<LibraryPage>? _self;
    private ElementReference _files;
    private ElementReference _uploads;
    private JobId? _sampleJob;
    private readonly HashSet<ImageId> _arrived = [];
    private bool _first;
    private Offer? _offer;
    private Exception? _problem;

    /// <summary>The dataset to show.</summary>
    [SupplyParameterFromQuery]
    public string? Dataset { get; set; }

    [Inject]
    private UserGrains Grains { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private ILogger<LibraryPage> Log { get; set; } = null!;

    public async ValueTask DisposeAsync()
    {
        if (_upload is not null)
        {
            await _upload.CallAsync("detach");
            await _upload.DisposeAsync();
        }

        _self?.Dispose();
    }

    /// <summary>The script asks into which dataset a drop goes.</summary>
    [JSInvokable]
    public async Task<string> TargetAsync()
    {
        var target = await _state.TargetAsync();
        StateHasChanged();
        return target.Value;
    }

    /// <summary>The script tells of finished uploads, some at a time, and when none is left.</summary>
    [JSInvokable]
    public async Task UploadedAsync(string dataset, string[] images, bool over)
    {
        var first = _arrived.Count == 0 && _state.Images is { Count: 0 };
        await _state.AddUploadedAsync(new DatasetId(dataset), [.. images.Select(id => new ImageId(id))]);
        _first = first || (_first && _arrived.Count > 0);
        _arrived.UnionWith(images.Select(id => new ImageId(id)));
        if (over)
        {
            var added = _state.Images?.FindAll(image => _arrived.Contains(image.Id)) ?? [];
            _offer = added.Count is > 0 and <= Contracts.Denoising.DenoiseSpec.MostImages ? new Offer(added, _first && added.Count == 1) : null;
            _arrived.Clear();
        }

        StateHasChanged();
    }

    protected override void OnInitialized()
    {
        _state = new LibraryState(Grains);
        if (Navigation.ToBaseRelativePath(Navigation.Uri).Length == 0)
        {
            Navigation.NavigateTo("/library", replace: true);
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        // Before the circuit is up there is only the skeleton: nothing is read twice, and nothing looks ready that is not.
        if (RendererInfo.IsInteractive && (_state.Images is null || (Dataset is not null && _state.Current?.Id.Value != Dataset)))
        {
            await LoadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _upload = new JsModule(Js, "upload.js");
            _self = DotNetObjectReference.Create(this);
            await _upload.CallAsync("attach", _files, _uploads, _self);
        }
    }

    private async Task LoadAsync()
    {
        _problem = null;
        try
        {
            await _state.LoadAsync(Dataset);
        }
        catch (Exception problem)
        {
            _problem = problem;
        }
    }

    private Task OpenAsync(ChangeEventArgs change) => TryAsync(async () =>
    {
        await _state.OpenAsync(new DatasetId((string)change.Value!));
        ShowAddress();
    });

    private async Task NewAsync()
    {
        if (await NameDialog.AskAsync(Dialogs, "New dataset", "") is { } name)
        {
            await TryAsync(async () =>
            {
                await _state.CreateAsync(name);
                ShowAddress();
            });
        }
    }

    private async Task RenameAsync()
    {
        if (_state.Current is { } current && await NameDialog.AskAsync(Dialogs, "Rename dataset", current.Name) is { } name)
        {
            await TryAsync(() => _state.RenameAsync(name));
        }
    }

    private Task AddSampleAsync(SampleChoice sample) => TryAsync(async () =>
    {
        _sampleJob = await _state.AddSampleAsync(sample.Kind, sample.Name);
        ShowAddress();
    });

    private Task RefreshAsync() => TryAsync(_state.RefreshAsync);

    private Task MoreAsync() => TryAsync(_state.MoreAsync);

    private async Task SampleEndedAsync(string? problem)
    {
        _sampleJob = null;
        if (problem is not null)
        {
            Snackbar.Add(problem, Severity.Error);
        }

        await RefreshAsync();
    }

    private void Toggle((ImageId Image, bool Range) touched) => _state.Selection.Toggle(_state.Images!, touched.Image, touched.Range);

    private void Clear() => _state.Selection.Clear();

    private Task AllAsync() => TryAsync(async () =>
    {
        await _state.AllAsync();
        _state.Selection.All(_state.Images!);
    });

    private Task DenoiseAsync() => TryAsync(async () =>
    {
        var title = _state.Chosen.Count == 1 ? _state.Chosen[0].Name : $"{_state.Current!.Name}, {Words.Count(_state.Chosen.Count, "image")}";
        Navigation.NavigateTo($"/denoise/{await Denoising.DenoiseState.StartAsync(Grains, title, new Contracts.Denoising.DenoiseSpec([.. ChosenRefs()]))}");
    });

    private void Train()
    {
        var dataset = _state.Current!.Id;
        var all = !_state.HasMore && _state.Chosen.Count == _state.Images!.Count;
        Navigation.NavigateTo(all ? $"/train/new?dataset={dataset}" : $"/train/new?dataset={dataset}&images={string.Join(',', _state.Chosen.Select(image => image.Id))}");
    }

    private Task CompareAsync() => TryAsync(async () =>
    {
        var id = ComparisonId.New();
        await Grains.DoAsync(g => g.Comparison(id).CreateSetAsync(WorkspaceId.Main, new ComparisonPlan(ComparisonLayout.Reference, _state.ChosenForComparison, [])));
        Navigation.NavigateTo($"/compare/{id}");
    });

    private void Blend() => Navigation.NavigateTo(BlendAddress.For(Refs(_state.ChosenInTurn)));

    private void Average() => Navigation.NavigateTo(BlendAddress.ForAverage(ChosenRefs()));

    private IEnumerable<ImageRef> ChosenRefs() => Refs(_state.Chosen);

    private IEnumerable<ImageRef> Refs(IEnumerable<ImageInfo> images)
    {
        var dataset = _state.Current!.Id;
        return images.Select(image => new ImageRef(dataset, image.Id));
    }

    private async Task ReferenceAsync()
    {
        if (await ReferenceDialog.AskAsync(Dialogs, _state.Current!.Id, [.. _state.Images!.Where(image => !_state.Selection.Contains(image.Id))]) is { } answer)
        {
            await TryAsync(() => _state.SetReferenceAsync(answer.Reference));
        }
    }

    private Task DeleteAsync() => TryAsync(async () =>
    {
        var count = _state.Selection.Count;
        var undo = await _state.DeleteChosenAsync();
        Snackbar.Add($"{Words.Count(count, "image")} deleted", Severity.Normal, options =>
        {
            options.Action = "Undo";
            options.OnClick = _ => InvokeAsync(async () =>
            {
                await TryAsync(undo);
                StateHasChanged();
            });
        });
    });

    private sealed record Offer(IReadOnlyList<ImageInfo> Images, bool AtOnce);

    private void ShowAddress() => Navigation.NavigateTo($"/library?dataset={_state.Current!.Id}", replace: true);

    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception problem)
        {
            Sentences.Log(Log, problem);
            Snackbar.Add(Sentences.Of(problem), Severity.Error);
        }
    }
}
