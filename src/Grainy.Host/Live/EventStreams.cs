using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grainy.Contracts;
using Grainy.Contracts.Live;
using Grainy.Web.Cluster;

namespace Grainy.Host.Live;

/// <summary>
/// A topic's state as server-sent events: the state at once, then each change, the newest when the reader is slow. Ends with the request, with the server, or
/// with an <c>ended</c> event that says why.
/// </summary>
internal sealed class EventStreams(LiveHub hub, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(50);

    /// <param name="first">Sent before anything else.</param>
    /// <param name="heartbeat">Called for the viewer with each heartbeat event.</param>
    public IResult Of<TSnapshot>(ILiveTopic topic, string subject, SseItem<object>? first, Func<Task>? heartbeat, CancellationToken cancellationToken)
        where TSnapshot : LiveSnapshot =>
        TypedResults.ServerSentEvents(ReadAsync<TSnapshot>(topic, subject, first, heartbeat, cancellationToken));

    private async IAsyncEnumerable<SseItem<object>> ReadAsync<TSnapshot>(
        ILiveTopic topic, string subject, SseItem<object>? first, Func<Task>? heartbeat, [EnumeratorCancellation] CancellationToken aborted)
        where TSnapshot : LiveSnapshot
    {
        if (first is { } item)
        {
            yield return item;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        var events = Channel.CreateBounded<SseItem<object>>(1);
        await using var end = stop.Token.Register(() => events.Writer.TryComplete());
        var beating = BeatAsync(events.Writer, subject, heartbeat, stop.Token);
        try
        {
            await using var watch = hub.Watch<TSnapshot>(
                topic, subject, LeastInterval, snapshot => SendAsync(events.Writer, new SseItem<object>(snapshot) { EventId = $"{snapshot.Epoch:n}-{snapshot.Version}" }, stop.Token),
                async problem =>
                {
                    await SendAsync(events.Writer, new SseItem<object>(new { detail = Sentence(problem) }, "ended"), stop.Token);
                    events.Writer.TryComplete();
                });
            await foreach (var next in events.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return next;
            }

            await stop.CancelAsync(); // frees a callback that waits for room in the channel, so that the watch can end
        }
        finally
        {
            await stop.CancelAsync();
            await beating;
        }
    }

    private async Task BeatAsync(ChannelWriter<SseItem<object>> events, string subject, Func<Task>? heartbeat, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, clock);
        try
        {
            do
            {
                if (heartbeat is not null)
                {
                    await Caller.AsAsync(subject, heartbeat);
                }

                await SendAsync(events, new SseItem<object>("", "heartbeat"), stop);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The viewer left.
        }
        catch (Exception failure) when (failure is RefusedException or TimeoutException or OrleansException)
        {
            // The room was closed, which the stream tells by itself, or the silo is busy: presence lapses, the picture stays.
        }
    }

    private static async Task SendAsync(ChannelWriter<SseItem<object>> events, SseItem<object> item, CancellationToken stop)
    {
        try
        {
            await events.WriteAsync(item, stop);
        }
        catch (ChannelClosedException)
        {
            // The viewer left.
        }
    }

    private static string Sentence(Exception problem) => problem is RefusedException ? problem.Message : "The live connection broke off; reload the page.";
}
