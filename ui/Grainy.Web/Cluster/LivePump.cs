namespace Grainy.Web.Cluster;

/// <summary>A loop that runs until it is disposed; disposing waits for its end.</summary>
internal sealed class LivePump : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly AsyncLocal<bool> _inside = new();
    private readonly Task _loop;

    // Off the caller's synchronisation context: a renderer must not run the loop between its own work.
    public LivePump(Func<CancellationToken, Task> loop) => _loop = Task.Run(() => RunAsync(loop));

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();

        // A callback that disposes its own watch must not wait for itself.
        if (!_inside.Value)
        {
            await _loop;
            _stop.Dispose();
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task> loop)
    {
        _inside.Value = true;
        try
        {
            await loop(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
