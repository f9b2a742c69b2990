using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Web.Cluster;
using Grainy.Web.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grainy.Web.Tests.Cluster;

public sealed class LiveHubTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly FakeCluster _cluster = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly LiveHub _hub;
    private readonly FakeJob _job;

    public LiveHubTests()
    {
        _hub = new LiveHub(_cluster, _clock, NullLogger<LiveHub>.Instance);
        _job = _cluster.Job("job-1");
        _job.Set(At(1));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_should_hand_out_the_present_state_and_then_each_change()
    {
        await using var viewer = Open("user:a");

        (await viewer.NextAsync()).Progress!.Step.ShouldBe(1);
        await _job.ChangeAsync(At(2));

        (await viewer.NextAsync()).Progress!.Step.ShouldBe(2);
    }

    [Fact]
    public async Task Watch_should_subscribe_once_however_many_watch()
    {
        await using var a = Open("user:a");
        await using var b = Open("user:b");
        await a.NextAsync();
        await b.NextAsync();

        _job.Observers.Count.ShouldBe(1);
        _cluster.References.Count.ShouldBe(1);
        _hub.Topics.ShouldBe(1);
        _cluster.Callers.ShouldContain("user:a");
        _cluster.Callers.ShouldContain("user:b");
    }

    [Fact]
    public async Task Watch_should_skip_states_for_a_slow_viewer()
    {
        await using var viewer = Open("user:a");
        await viewer.NextAsync();

        for (var step = 2; step <= 50; step++)
        {
            await _job.ChangeAsync(At(step));
        }

        (await viewer.NextAsync()).Progress!.Step.ShouldBe(50);
        viewer.Seen.ShouldBe(2);
    }

    [Fact]
    public async Task Watch_should_wait_between_snapshots()
    {
        await using var viewer = Open("user:a");
        await viewer.NextAsync(advance: false);
        await _job.ChangeAsync(At(2));
        var next = viewer.NextAsync(advance: false);

        _clock.Advance(Interval - TimeSpan.FromMilliseconds(1));
        next.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        (await next).Progress!.Step.ShouldBe(2);
    }

    [Fact]
    public async Task Watch_should_drop_a_version_that_is_older_than_what_is_known()
    {
        await using var viewer = Open("user:a");
        await viewer.NextAsync();
        var observer = _job.Observers.Single();
        await _job.ChangeAsync(At(5));
        (await viewer.NextAsync()).Progress!.Step.ShouldBe(5);

        var next = viewer.NextAsync();
        await observer.ChangedAsync(At(4) with { Epoch = _job.Epoch, Version = 1 });
        await _job.ChangeAsync(At(6));

        (await next).Progress!.Step.ShouldBe(6);
    }

    [Fact]
    public async Task Watch_should_take_a_snapshot_after_a_gap_as_the_present()
    {
        await using var viewer = Open("user:a");
        await viewer.NextAsync();

        _job.Set(At(2)); // its message is lost
        await _job.ChangeAsync(At(3));

        (await viewer.NextAsync()).Progress!.Step.ShouldBe(3);
    }

    [Fact]
    public async Task Renewal_should_find_changes_whose_messages_were_lost_and_a_new_epoch()
    {
        await using var viewer = Open("user:a");
        await viewer.NextAsync();
        _job.Set(At(7));
        _job.Epoch = Guid.Parse("00000000-0000-0000-0000-000000000002"); // the grain was activated anew and forgot its observers
        _job.Observers.Clear();
        var watches = _job.Watches;

        _clock.Advance(LiveHub.RenewalInterval);

        (await viewer.NextAsync()).Progress!.Step.ShouldBe(7);
        _job.Watches.ShouldBe(watches + 1);
        _job.Observers.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_of_another_epoch_should_be_settled_by_asking_the_grain()
    {
        await using var viewer = Open("user:a");
        await viewer.NextAsync();
        var observer = _job.Observers.Single();
        _job.Set(At(9));

        // A late message of an earlier activation, with a higher version than the present one.
        await observer.ChangedAsync(At(3) with { Epoch = Guid.Parse("00000000-0000-0000-0000-0000000000ff"), Version = 1000 });

        (await viewer.NextAsync()).Progress!.Step.ShouldBe(9);
    }

    [Fact]
    public async Task Renewal_should_outlive_a_failure_of_the_grain()
    {
        await using var viewer = Open("user:a");
        await viewer.NextAsync();
        _job.Failure = new TimeoutException();
        _clock.Advance(LiveHub.RenewalInterval);
        _job.Set(At(2));

        _clock.Advance(LiveHub.RenewalInterval);

        (await viewer.NextAsync()).Progress!.Step.ShouldBe(2);
    }

    [Fact]
    public async Task Renewal_should_end_the_view_of_somebody_who_is_refused_and_keep_the_others()
    {
        await using var a = Open("user:a");
        await using var b = Open("user:b");
        await a.NextAsync();
        await b.NextAsync();
        _job.Refused.Add("user:a");

        _clock.Advance(LiveHub.RenewalInterval);
        await Should.ThrowAsync<RefusedException>(() => a.NextAsync());
        await _job.ChangeAsync(At(2));

        (await b.NextAsync()).Progress!.Step.ShouldBe(2);
    }

    [Fact]
    public async Task Watch_should_show_nothing_to_somebody_who_is_refused_while_another_watches()
    {
        await using var a = Open("user:a");
        await a.NextAsync();
        _job.Refused.Add("user:b");
        await using var b = Open("user:b");

        await Should.ThrowAsync<RefusedException>(() => b.NextAsync());

        b.Seen.ShouldBe(0);
    }

    [Fact]
    public async Task Leaving_should_end_the_subscription_and_forget_the_reference()
    {
        var a = Open("user:a");
        var b = Open("user:b");
        await a.NextAsync();
        await b.NextAsync();

        await a.DisposeAsync();
        _job.Observers.Count.ShouldBe(1);
        await b.DisposeAsync();

        _job.Observers.ShouldBeEmpty();
        _cluster.References.ShouldBeEmpty();
        _hub.Topics.ShouldBe(0);
    }

    [Fact]
    public async Task A_thousand_views_should_leave_nothing_behind()
    {
        for (var i = 0; i < 1000; i++)
        {
            var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var watch = _hub.Watch<JobSnapshot>(
                _job,
                $"user:{i % 7}",
                Interval,
                _ =>
                {
                    first.TrySetResult();
                    return Task.CompletedTask;
                },
                problem =>
                {
                    first.TrySetException(problem);
                    return Task.CompletedTask;
                });
            await first.Task.WaitAsync(Ct);
        }

        _job.Observers.ShouldBeEmpty();
        _cluster.References.ShouldBeEmpty();
        _hub.Topics.ShouldBe(0);
    }

    private static JobSnapshot At(long step) => Some.Job("job-1", JobState.Running, new JobProgress { Step = step });

    private Viewer Open(string caller) => new(_hub.WatchAsync<JobSnapshot>(_job, caller, Interval, Ct), _clock);

    private sealed class Viewer(IAsyncEnumerable<JobSnapshot> snapshots, FakeTimeProvider clock) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<JobSnapshot> _enumerator = snapshots.GetAsyncEnumerator();

        public int Seen { get; private set; }

        public ValueTask DisposeAsync() => _enumerator.DisposeAsync();

        public async Task<JobSnapshot> NextAsync(bool advance = true)
        {
            var next = _enumerator.MoveNextAsync().AsTask();
            if (advance && !next.IsCompleted)
            {
                clock.Advance(Interval); // the least time between two snapshots
            }

            (await next.WaitAsync(Ct)).ShouldBeTrue();
            Seen++;
            return _enumerator.Current;
        }
    }
}
