using Grainy.Host.Startup;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Grainy.Host.Tests;

/// <summary>Requests of a server that stops.</summary>
public sealed class DrainingTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Lifetime _lifetime = new();
    private readonly Draining _draining;

    public DrainingTests() => _draining = new Draining(_lifetime, _clock);

    public void Dispose()
    {
        _draining.Dispose();
        _lifetime.Dispose();
    }

    /// <summary>A page whose connection was closed by the stop connects again at once, and nobody closed that one any more: the stop waited for it until it had no time left.</summary>
    [Fact]
    public async Task Page_that_connects_again_while_the_server_stops_should_be_refused()
    {
        _lifetime.StopApplication();
        var context = Context();

        await _draining.GuardAsync(context, _ => throw new InvalidOperationException("The request came through."));

        context.Response.StatusCode.ShouldBe(503);
        context.Response.Headers.RetryAfter.ToString().ShouldBe("5");
    }

    [Fact]
    public async Task Request_in_progress_should_be_cut_off_three_seconds_into_the_stop()
    {
        var (context, arrived) = (Context(), new TaskCompletionSource());
        var request = _draining.GuardAsync(context, _ => arrived.Task);

        _clock.Advance(TimeSpan.FromHours(1));
        context.RequestAborted.IsCancellationRequested.ShouldBeFalse();
        _lifetime.StopApplication();
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        context.RequestAborted.IsCancellationRequested.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        context.RequestAborted.IsCancellationRequested.ShouldBeTrue();

        arrived.SetResult();
        await request;
    }

    [Fact]
    public async Task Ended_request_should_be_left_alone()
    {
        var context = Context();
        await _draining.GuardAsync(context, _ => Task.CompletedTask);

        _lifetime.StopApplication();
        _clock.Advance(TimeSpan.FromSeconds(10));

        context.RequestAborted.IsCancellationRequested.ShouldBeFalse();
    }

    private static DefaultHttpContext Context()
    {
        var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Response.Body = new MemoryStream();
        context.Features.Set<IHttpRequestLifetimeFeature>(new Connection());
        return context;
    }

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        private bool _aborted;

        public CancellationToken RequestAborted
        {
            get => new(_aborted);
            set => throw new NotSupportedException();
        }

        public void Abort() => _aborted = true;
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
