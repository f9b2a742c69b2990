using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Grains.Scheduling;
using Microsoft.Extensions.Time.Testing;

namespace Grainy.Grains.Tests.Scheduling;

public sealed class DevicePresenceTests
{
    private static readonly DeviceId Cpu = DeviceId.Of("local", "cpu");
    private readonly FakeTimeProvider _clock = new();
    private readonly Guid _incarnation = Guid.NewGuid();
    private readonly DevicePresence _presence;

    public DevicePresenceTests() => _presence = new DevicePresence(_clock);

    [Fact]
    public void Device_should_be_ready_while_it_announces_itself_and_not_after_30_s_of_silence()
    {
        _presence.Seen(Cpu, _incarnation);
        _clock.Advance(TimeSpan.FromSeconds(29));
        _presence.Ready.ShouldBe([Cpu]);

        _clock.Advance(TimeSpan.FromSeconds(1));

        _presence.Ready.ShouldBeEmpty();
        _presence.HasLost(LeaseOf(_incarnation)).ShouldBeTrue();
    }

    [Fact]
    public void Lease_should_be_lost_at_once_when_the_process_started_afresh()
    {
        _presence.Seen(Cpu, _incarnation);
        _presence.HasLost(LeaseOf(_incarnation)).ShouldBeFalse();

        _presence.Seen(Cpu, Guid.NewGuid());

        _presence.HasLost(LeaseOf(_incarnation)).ShouldBeTrue();
    }

    [Fact]
    public void Lease_should_be_kept_for_30_s_when_only_the_scheduler_started_afresh()
    {
        _presence.HasLost(LeaseOf(_incarnation)).ShouldBeFalse();

        _clock.Advance(TimeSpan.FromSeconds(30));

        _presence.HasLost(LeaseOf(_incarnation)).ShouldBeTrue();
    }

    [Fact]
    public void Retired_device_should_get_no_work_until_its_process_starts_afresh()
    {
        _presence.Seen(Cpu, _incarnation);
        _presence.Retire(Cpu, _incarnation);
        _presence.Seen(Cpu, _incarnation); // an announcement that was still on its way
        _presence.Ready.ShouldBeEmpty();

        _presence.Seen(Cpu, Guid.NewGuid());

        _presence.Ready.ShouldBe([Cpu]);
    }

    [Fact]
    public void Device_should_rest_for_a_moment_after_a_failed_hand_over()
    {
        _presence.Seen(Cpu, _incarnation);
        _presence.LetRest(Cpu);
        _presence.Ready.ShouldBeEmpty();

        _clock.Advance(TimeSpan.FromSeconds(5));

        _presence.Ready.ShouldBe([Cpu]);
    }

    private static Lease LeaseOf(Guid incarnation) => new(new JobTicket(new JobId("job"), Lane.Batch, "ann"), 0, Cpu, incarnation, DateTimeOffset.UnixEpoch, 1);
}
