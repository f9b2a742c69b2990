using Grainy.Grains.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace Grainy.Grains.Tests.Sessions;

public sealed class PresenceTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Presence _presence;

    public PresenceTests() => _presence = new Presence(_clock);

    [Fact]
    public void Member_should_lapse_after_30_s_without_a_heartbeat()
    {
        _presence.Heard("ann").ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(29));
        _presence.IsHere("ann").ShouldBeTrue();
        _presence.Sweep().ShouldBeFalse();

        _clock.Advance(TimeSpan.FromSeconds(1));

        _presence.IsHere("ann").ShouldBeFalse();
        _presence.Sweep().ShouldBeTrue();
        _presence.Heard("ann").ShouldBeTrue("coming back is news");
        _presence.Heard("ann").ShouldBeFalse();
    }

    [Fact]
    public void Moves_should_count_only_in_the_order_of_their_sequence()
    {
        _presence.IsNewer("ann", 5).ShouldBeTrue();
        _presence.IsNewer("ann", 5).ShouldBeFalse();
        _presence.IsNewer("ann", 4).ShouldBeFalse();
        _presence.IsNewer("bob", 1).ShouldBeTrue();
    }
}
