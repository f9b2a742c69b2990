using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Microsoft.AspNetCore.Components;

namespace Grainy.Web.Features.Training;

public sealed partial class SetupPage
{
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
        await TryAsync(state.Speed.LoadAsync);
        await TryAsync(MeasureAsync);
    });

    private async Task MeasureAsync()
    {
        await UnwatchAsync();
        if (_state is { CanMeasure: true } state)
        {
            await state.Noise.AskAsync(state.Dataset!.Id, state.Images!);
            await FollowAsync(state);
        }
    }

    private Task MeasureAgainAsync() => TryAsync(async () =>
    {
        await UnwatchAsync();
        await _state!.Noise.RetryAsync();
        await FollowAsync(_state);
    });

    // A proposal that comes late never overwrites what the person has set meanwhile.
    private async Task FollowAsync(SetupState state)
    {
        if (state.Noise.Result is { } known)
        {
            Follow(state, known);
            return;
        }

        await WatchAsync<JobSnapshot>(g => g.Job(state.Noise.Job!.Value), job =>
        {
            if (state.Noise.Take(job))
            {
                Follow(state, state.Noise.Result!);
            }

            return Task.CompletedTask;
        });
    }

    private static void Follow(SetupState state, Contracts.Training.NoiseResult proposal)
    {
        if (!state.Options.Touched)
        {
            state.Options.Take(proposal);
        }
    }

    private Task RemoveAsync(ImageId image)
    {
        _state!.Remove(image);
        return TryAsync(MeasureAsync);
    }

    private string? ProblemOf(ImageId image) => _state!.Noise.Result?.Problems.FirstOrDefault(problem => problem.Image.Image == image)?.Text;

    private async Task StartAsync()
    {
        _busy = true;
        await TryAsync(async () => Navigation.NavigateTo($"/train/{await _state!.StartAsync()}"));
        _busy = false;
    }
}
