using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Grains.Scheduling;

namespace Grainy.Grains.Tests.Scheduling;

public sealed class FairShareTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);
    private static readonly DeviceId Cpu = DeviceId.Of("local", "cpu");
    private static readonly DeviceId Gpu = DeviceId.Of("local", "cuda:0");

    [Fact]
    public void First_to_come_should_be_first_when_an_owner_is_alone()
    {
        var state = State([Queued("a1", "ann", 0), Queued("a2", "ann", 1)]);

        FairShare.Next(state, [Cpu], Now).ShouldNotBeNull().Job.Ticket.Job.Value.ShouldBe("a1");
    }

    [Fact]
    public void Owner_with_least_recent_time_should_be_next_even_when_she_came_later()
    {
        var state = State([Queued("a1", "ann", 0), Queued("b1", "bob", 1)]) with { Usage = new() { ["ann"] = new(60, Now) } };

        FairShare.Next(state, [Cpu], Now).ShouldNotBeNull().Job.Ticket.Owner.ShouldBe("bob");
    }

    [Fact]
    public void Work_in_progress_should_count_against_its_owner()
    {
        var running = new Lease(new JobTicket(new JobId("a0"), Lane.Batch, "ann"), 0, Cpu, Guid.Empty, Now.AddMinutes(-5), 1);
        var state = State([Queued("a1", "ann", 1), Queued("b1", "bob", 2)]) with { Leases = [running] };

        var next = FairShare.Next(state, [Cpu, Gpu], Now).ShouldNotBeNull();

        (next.Job.Ticket.Owner, next.Device).ShouldBe(("bob", Gpu));
    }

    [Fact]
    public void Device_should_take_one_batch_and_two_interactive_jobs()
    {
        var state = State([
            Queued("t1", "ann", 0), Queued("t2", "ann", 1),
            Queued("s1", "ann", 2, Lane.Interactive), Queued("s2", "ann", 3, Lane.Interactive), Queued("s3", "ann", 4, Lane.Interactive)]);
        var taken = new List<string>();
        while (FairShare.Next(state, [Cpu], Now) is var (job, device))
        {
            taken.Add(job.Ticket.Job.Value);
            state = state with
            {
                Queue = [.. state.Queue.Where(other => other != job)],
                Leases = [.. state.Leases, new Lease(job.Ticket, job.Order, device, Guid.Empty, Now, 0)],
            };
        }

        taken.ShouldBe(["s1", "s2", "t1"]);
    }

    [Fact]
    public void Time_should_count_half_after_ten_minutes_and_be_forgotten_in_the_end()
    {
        var lease = new Lease(new JobTicket(new JobId("a1"), Lane.Batch, "ann"), 0, Cpu, Guid.Empty, Now.AddSeconds(-100), 1);
        var charged = FairShare.Charge(State([]) with { Leases = [lease] }, lease, Now);

        charged.Leases.ShouldBeEmpty();
        FairShare.Used(charged, "ann", Now).ShouldBe(100, 1e-9);
        FairShare.Used(charged, "ann", Now.AddMinutes(10)).ShouldBe(50, 1e-9);
        var other = lease with { Ticket = lease.Ticket with { Owner = "bob" } };
        FairShare.Charge(charged, other, Now.AddHours(3)).Usage.Keys.ShouldBe(["bob"]);
    }

    [Fact]
    public void Places_in_the_queue_should_alternate_between_owners()
    {
        var state = State([Queued("a1", "ann", 0), Queued("a2", "ann", 1), Queued("b1", "bob", 2)]);

        FairShare.Waiting(state, Lane.Batch, Now).Select(job => job.Ticket.Job.Value).ShouldBe(["a1", "b1", "a2"]);
    }

    private static SchedulerRecord State(QueuedJob[] queue) => new() { Queue = queue };

    private static QueuedJob Queued(string job, string owner, long order, Lane lane = Lane.Batch) => new(new JobTicket(new JobId(job), lane, owner), order);
}
