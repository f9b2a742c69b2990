using Grainy.Contracts.Live;
using Grainy.Web.Cluster;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using MudBlazor;

namespace Grainy.Web.Shared;

/// <summary>A page about live things: watches end with it, and failures become sentences.</summary>
public abstract class WatchedComponent : ComponentBase, IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _watches = [];

    [Inject]
    protected UserGrains Grains { get; set; } = null!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    [Inject]
    protected ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    protected ILoggerFactory Logs { get; set; } = null!;

    /// <summary>Why the page cannot show anything; null while all is well.</summary>
    protected Exception? Problem { get; set; }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var watch in _watches)
        {
            await watch.DisposeAsync();
        }

        _watches.Clear();
    }

    /// <summary>Watches a topic until the page goes; <paramref name="changed"/> runs on the renderer and a render follows.</summary>
    protected async Task WatchAsync<TSnapshot>(Func<IGrainFactory, ILiveTopic> topic, Func<TSnapshot, Task> changed)
        where TSnapshot : LiveSnapshot =>
        _watches.Add(await Grains.WatchAsync<TSnapshot>(
            topic,
            snapshot => InvokeAsync(async () =>
            {
                await changed(snapshot);
                StateHasChanged();
            }),
            problem => InvokeAsync(() =>
            {
                Problem = problem;
                StateHasChanged();
            })));

    /// <summary>Ends all watches, so that others can begin.</summary>
    protected async Task UnwatchAsync()
    {
        foreach (var watch in _watches)
        {
            await watch.DisposeAsync();
        }

        _watches.Clear();
    }

    /// <summary>Does what a button asks for; a failure is told in a line that goes away by itself.</summary>
    protected async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception problem)
        {
            Sentences.Log(Logs.CreateLogger(GetType()), problem);
            Snackbar.Add(Sentences.Of(problem), Severity.Error);
        }
    }

    /// <summary>Reads what the page shows; a failure takes the page's place.</summary>
    protected async Task ReadAsync(Func<Task> read)
    {
        Problem = null;
        try
        {
            await read();
        }
        catch (Exception problem)
        {
            Problem = problem;
        }
    }
}
