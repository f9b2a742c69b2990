using Grainy.Contracts;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Sessions;
using Grainy.Web.Shared;
using Grainy.Web.Shared.ImageViewer;
using Grainy.Web.Shared.Sharing;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Grainy.Web.Features.Metrics;

public sealed partial class ComparisonPage
{
    private ComparisonState? _state;
    private MapState? _map;
    private bool _asked;
    private bool _restored;
    private bool _copied;

    /// <summary>Id of the comparison.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>The live room that this page takes part in.</summary>
    [SupplyParameterFromQuery]
    public string? Room { get; set; }

    /// <summary>Metric of the map over the pictures; in the address, so that a reload shows the same.</summary>
    [SupplyParameterFromQuery]
    public string? Map { get; set; }

    /// <summary>Place of the map's layer.</summary>
    [SupplyParameterFromQuery]
    public int? Layer { get; set; }

    /// <summary>Place of the pair under the divider.</summary>
    [SupplyParameterFromQuery]
    public int? Pair { get; set; }

    /// <summary>Opens the dialog for sharing at once.</summary>
    [SupplyParameterFromQuery]
    public bool Share { get; set; }

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private SessionId? Session => Room is { Length: > 0 } room ? new SessionId(room) : null;

    protected override async Task OnParametersSetAsync()
    {
        if (RendererInfo.IsInteractive && _state?.Id.Value != Id)
        {
            await LoadAsync();
        }
    }

    private Task LoadAsync() => ReadAsync(async () =>
    {
        await UnwatchAsync();
        var state = new ComparisonState(Grains, new ComparisonId(Id));
        (_state, _restored) = (state, false);
        _map = new MapState(Grains, state.Id);
        await WatchAsync<ComparisonSnapshot>(g => g.Comparison(state.Id), TakeAsync);
    });

    private async Task TakeAsync(ComparisonSnapshot comparison)
    {
        await _state!.TakeAsync(comparison);
        await _map!.TakeAsync(comparison);
        if (!_restored)
        {
            _restored = true;
            await RestoreAsync(comparison);
        }

        _copied &= !_state.Measuring;
        if (Share && !_asked)
        {
            _asked = true;
            StateHasChanged();
            await ShareAsync();
        }
    }

    private ViewerSide SideOf(int place) => ComparisonSides.Side(_state!.Id, place, _state.Images[place].Info);

    private Task ShowAsync(int pair) => TryAsync(async () =>
    {
        _state!.Show(pair);
        ShowAddress();
        await _map!.MoveAsync(_state.Shown);
    });

    private Task ChooseMapAsync(string? metric) => TryAsync(async () =>
    {
        var choosing = _map!.ChooseAsync(metric, _state!.Shown);
        ShowAddress();
        await choosing;
    });

    private void ChooseLayer(int layer)
    {
        _map!.ChooseLayer(layer);
        ShowAddress();
    }

    // What the address asks for, as far as this comparison has it.
    private Task RestoreAsync(ComparisonSnapshot comparison) => TryAsync(async () =>
    {
        _state!.Show(Pair ?? 0);
        if (Map is { } metric && comparison.Metrics.Contains(metric) && ScoreText.HasMap(metric))
        {
            await _map!.ChooseAsync(metric, _state.Shown);
            _map.ChooseLayer(Math.Max(0, Layer ?? 0));
        }
    });

    private void ShowAddress() => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["map"] = _map!.Metric,
            ["layer"] = _map.Metric is null || _map.Layer == 0 ? null : _map.Layer,
            ["pair"] = _state!.Shown == 0 ? null : _state.Shown,
        }),
        replace: true);

    private Task RefineAsync(string metric) => TryAsync(() => _state!.RefineAsync(metric, null));

    private async Task CopyAsync()
    {
        await using var app = new JsModule(Js, "app.js");
        _copied = await app.CallAsync<bool>("copyFrom", ImageUrls.Scores(_state!.Id, "csv"));
        if (!_copied)
        {
            Snackbar.Add("The browser does not allow copying here; download the CSV file instead.", Severity.Warning);
        }
    }

    private async Task ShareAsync()
    {
        if (await ShareDialog.AskAsync(Dialogs, new SessionSubject(SubjectKind.Comparison, Id)) is { } opened)
        {
            // In the address, so that a reload stays in the room.
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["room"] = opened.Value, ["share"] = null }), replace: true);
        }
    }
}
