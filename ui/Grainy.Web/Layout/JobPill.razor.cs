using Grainy.Web.Cluster;
using Grainy.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;

namespace Grainy.Web.Layout;

public sealed partial class JobPill : IDisposable
{
    // Jobs last seconds to hours; a glance every few seconds is live enough and costs one list call.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _stop = new();
    private JobPillState _state = null!;

    [Inject]
    private UserGrains Grains { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private ILogger<JobPill> Log { get; set; } = null!;

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    protected override void OnInitialized() => _state = new JobPillState(Grains);

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = PollAsync(_stop.Token);
        }
    }

    private async Task PollAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, Time);
        try
        {
            do
            {
                var before = _state.Text;
                try
                {
                    await _state.RefreshAsync();
                }
                catch (Exception problem)
                {
                    // The pill is a convenience: it keeps its last text and looks again.
                    Sentences.Log(Log, problem);
                }

                if (before != _state.Text && !ct.IsCancellationRequested)
                {
                    StateHasChanged();
                }
            }
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
    }
}
