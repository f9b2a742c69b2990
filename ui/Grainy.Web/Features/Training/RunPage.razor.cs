using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Grainy.Web.Features.Training;

public sealed partial class RunPage
{
    private RunState? _state;

    /// <summary>Id of the job.</summary>
    [Parameter]
    public string Job { get; set; } = "";

    protected override async Task OnParametersSetAsync()
    {
        if (RendererInfo.IsInteractive && _state?.Id.Value != Job)
        {
            await LoadAsync();
        }
    }

    private static string Percent(JobSnapshot job) => Words.Number((job.Progress?.Fraction ?? 0) * 100, "0.#");

    private Task LoadAsync() => ReadAsync(async () =>
    {
        await UnwatchAsync();
        var state = new RunState(Grains, new JobId(Job));
        _state = state;
        await WatchAsync<JobSnapshot>(g => g.Job(state.Id), job => ReadAsync(() => state.TakeAsync(job)));
    });

    private Task DoAsync(RunAction action) => TryAsync(() => _state!.DoAsync(action));

    private Task ExtendAsync(double seconds) => TryAsync(() => _state!.ExtendAsync(seconds));

    private Task ShowAsync(int index) => TryAsync(() => _state!.ShowAsync(index));

    private Task CompareAsync(bool share) => TryAsync(async () =>
        Navigation.NavigateTo($"/compare/{await _state!.CompareAsync()}{(share ? "?share=true" : "")}"));
}
