using Grainy.Contracts.Blending;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>What a running blend hears of those who look on: asked for a few times a second, because the blend may live in another process.</summary>
internal sealed class BlendListener : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);

    private readonly IBlendGrain _blend;
    private readonly JobRun _run;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _asking;
    private volatile BlendWishes _latest = new(null, 0);

    public BlendListener(IBlendGrain blend, JobRun run, TimeProvider clock)
    {
        (_blend, _run) = (blend, run);
        _asking = AskAsync(new PeriodicTimer(Interval, clock), _ended.Token);
    }

    /// <summary>Weights of the place where somebody looks; null before anybody did.</summary>
    public double[]? Near => _latest.Near;

    /// <summary>Grows when frames are added or wanted with more steps.</summary>
    public int Revision => _latest.Revision;

    /// <summary>Asks now; returns the revision.</summary>
    public async Task<int> RefreshAsync() => (_latest = await Caller.AsAsync(Caller.System, _blend.GetWishesAsync)).Revision;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _asking;
        _ended.Dispose();
    }

    private async Task AskAsync(PeriodicTimer timer, CancellationToken ended)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(ended))
                {
                    try
                    {
                        await RefreshAsync();
                    }
                    catch (Exception error)
                    {
                        _run.LogNotHeard(error, _run.Assignment.Job); // the next answer may come
                    }
                }
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}
