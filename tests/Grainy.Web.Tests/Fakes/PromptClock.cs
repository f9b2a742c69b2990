using Grainy.Web.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace Grainy.Web.Tests.Fakes;

/// <summary>
/// A fake clock on which the pause between two renders of a page passes at once. A test could not advance over that pause itself: it would have to know the
/// moment at which the page's own loop begins to wait. The pause is tested where it is made, with the live hub.
/// </summary>
public sealed class PromptClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime == UserGrains.CircuitInterval ? TimeSpan.Zero : dueTime, period);
}
