namespace Grainy.Core.Metrics;

/// <summary>Two images that cannot be compared. The message is one sentence for people: what, why, what to do.</summary>
public sealed class MetricInputException : ArgumentException
{
    /// <summary>An error without a message; prefer the others.</summary>
    public MetricInputException()
    {
    }

    /// <summary>An error with a sentence for people.</summary>
    public MetricInputException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a sentence for people and its cause.</summary>
    public MetricInputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
