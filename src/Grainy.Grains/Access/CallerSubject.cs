namespace Grainy.Grains.Access;

/// <summary>The parts of <see cref="Caller.Current"/>.</summary>
internal readonly record struct CallerSubject(bool IsSystem, UserId? User, SessionId? Session, string Member)
{
    /// <summary>The subject of the call in progress; nobody when it carries none or a malformed one.</summary>
    public static CallerSubject Current => Parse(Caller.Current);

    public static CallerSubject Parse(string? subject)
    {
        if (subject == Caller.System)
        {
            return new(true, null, null, "");
        }

        return (subject?.Split(':', 3) ?? []) switch
        {
            ["user", _, ..] when subject!.Length > 5 => new(false, new UserId(subject[5..]), null, ""),
            ["guest", { Length: > 0 } session, var member] => new(false, null, new SessionId(session), member),
            _ => new(false, null, null, ""),
        };
    }
}
