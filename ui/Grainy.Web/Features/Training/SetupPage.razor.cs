using Grainy.Contracts;
using Microsoft.AspNetCore.Components;

namespace Grainy.Web.Features.Training;

public sealed partial class SetupPage
{
    private const string ByteUnit = "8";

    private SetupState? _state;
    private int _shown = 12;
    private bool _busy;

    /// <summary>Where the images are.</summary>
    [SupplyParameterFromQuery]
    public string? Dataset { get; set; }

    /// <summary>Ids with commas between; none for all noisy images of the dataset.</summary>
    [SupplyParameterFromQuery]
    public string? Images { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (RendererInfo.IsInteractive && Dataset is not null)
        {
            await LoadAsync();
        }
    }

    private Task LoadAsync() => ReadAsync(async () =>
    {
        var state = new SetupState(Grains);
        var chosen = (Images ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        await state.LoadAsync(new DatasetId(Dataset!), [.. chosen.Select(id => new ImageId(id))]);
        _state = state;
    });

    private async Task StartAsync()
    {
        _busy = true;
        await TryAsync(async () => Navigation.NavigateTo($"/train/{await _state!.StartAsync()}"));
        _busy = false;
    }
}
