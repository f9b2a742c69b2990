namespace Grainy.Grains.Sessions;

/// <summary>Who is in a room right now: a heartbeat every 10 s, gone after 30 s of silence.</summary>
internal sealed class Presence(TimeProvider clock)
{
    private static readonly TimeSpan Lapse = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, long> _heard = [];
    private readonly Dictionary<string, long> _sequences = [];

    /// <summary>True when this is news: the member was not here.</summary>
    public bool Heard(string member)
    {
        var news = !IsHere(member);
        _heard[member] = clock.GetTimestamp();
        return news;
    }

    public bool IsHere(string member) => _heard.TryGetValue(member, out var at) && clock.GetElapsedTime(at) < Lapse;

    public bool Left(string member)
    {
        _sequences.Remove(member);
        return _heard.Remove(member);
    }

    /// <summary>True when somebody lapsed since the last look.</summary>
    public bool Sweep()
    {
        var gone = _heard.Keys.Where(member => !IsHere(member)).ToArray();
        foreach (var member in gone)
        {
            Left(member);
        }

        return gone.Length > 0;
    }

    /// <summary>True when a move is newer than all moves seen of this member.</summary>
    public bool IsNewer(string member, long sequence)
    {
        if (_sequences.TryGetValue(member, out var seen) && sequence <= seen)
        {
            return false;
        }

        _sequences[member] = sequence;
        return true;
    }
}
