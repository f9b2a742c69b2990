namespace Grainy.Contracts;

/// <summary>Why a request was refused.</summary>
[GenerateSerializer, Alias("grainy.refusal")]
public enum Refusal
{
    /// <summary>The request makes no sense as it stands.</summary>
    Invalid = 0,

    /// <summary>The thing does not exist (any more).</summary>
    NotFound = 1,

    /// <summary>The caller may not do this.</summary>
    Forbidden = 2,

    /// <summary>The thing is in a state that does not allow this.</summary>
    Conflict = 3,
}

/// <summary>A refusal whose message is one sentence for the person who asked: what, why, and what to do.</summary>
[GenerateSerializer, Alias("grainy.refused.v1")]
public sealed class RefusedException : Exception
{
    /// <summary>Refuses with a reason.</summary>
    public RefusedException(Refusal reason, string message)
        : base(message) => Reason = reason;

    /// <summary>Refuses without words; only for the serialiser.</summary>
    public RefusedException()
    {
    }

    /// <summary>The kind of refusal; the HTTP layer maps it to a status.</summary>
    [Id(0)]
    public Refusal Reason { get; private set; }
}
