using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Sessions;
using Grainy.Web.Shared;
using Grainy.Web.Shared.ImageViewer;

namespace Grainy.Web.Features.Sessions;

/// <summary>What a room shows: its own state, and that of the comparison or blend it is about.</summary>
public sealed class RoomState(SessionId id)
{
    public SessionId Id => id;

    /// <summary>Null while loading.</summary>
    public SessionSnapshot? Session { get; private set; }

    /// <summary>Set when the room is about a comparison.</summary>
    public ComparisonSnapshot? Comparison { get; private set; }

    /// <summary>Set when the room is about a blend.</summary>
    public BlendSnapshot? Blend { get; private set; }

    /// <summary>What the blend's viewer shows.</summary>
    public BlendScene? Scene { get; private set; }

    public string Title =>
        Comparison is { } comparison ? $"{comparison.LeftInfo.Name} | {comparison.RightInfo.Name}"
        : Blend is { } blend ? blend.Title()
        : "Room";

    /// <summary>Takes in the room; true when its subject is known for the first time.</summary>
    public bool Take(SessionSnapshot session)
    {
        var first = Session is null;
        Session = session;
        return first;
    }

    public void Take(ComparisonSnapshot comparison) => Comparison = comparison;

    public void Take(BlendSnapshot blend)
    {
        Blend = blend;
        Scene = blend.Scene();
    }
}
