using Grainy.Host.Endpoints;

namespace Grainy.Host.Startup;

/// <summary>
/// Requests while the server stops: new ones are refused, and those in progress are cut off after a while. The web server waits for its requests before the silo may stop, in one
/// limit of time: a page that connects again in that moment, or a slow download, would leave none for work in progress to be kept.
/// </summary>
internal sealed class Draining : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _cut;
    private readonly CancellationTokenRegistration _begin;

    public Draining(IHostApplicationLifetime lifetime, TimeProvider clock)
    {
        _stopping = lifetime.ApplicationStopping;
        _cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _begin = _stopping.Register(() => _cut.CancelAfter(Grace));
    }

    public async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (_stopping.IsCancellationRequested)
        {
            context.Response.Headers.RetryAfter = "5"; // seconds
            await Problems.Make(StatusCodes.Status503ServiceUnavailable, "The server is stopping.", "Try again when it is back.").ExecuteAsync(context);
            return;
        }

        await using var cut = _cut.Token.Register(context.Abort);
        await next(context);
    }

    public void Dispose()
    {
        _begin.Dispose();
        _cut.Dispose();
    }
}
