namespace Grainy.Core.Weights.Downloads;

/// <summary>Weights that could not be fetched. The message is one sentence for people: what, from where, why, what to do.</summary>
public sealed class WeightDownloadException : IOException
{
    /// <summary>An error without a message; prefer the others.</summary>
    public WeightDownloadException()
    {
    }

    /// <summary>An error with a sentence for people.</summary>
    public WeightDownloadException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a sentence for people and its cause.</summary>
    public WeightDownloadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A failure that may pass: the next attempt goes on where this one ended.</summary>
/// <param name="pause">What the server asks to wait; null: the usual pause.</param>
internal sealed class PassingFailureException(string message, TimeSpan? pause = null, Exception? inner = null) : Exception(message, inner)
{
    public TimeSpan? Pause => pause;
}
