namespace Grainy.Core.Weights;

/// <summary>A weights file that cannot be used. The message is one sentence for people: what, why, what to do.</summary>
public sealed class WeightFormatException : FormatException
{
    /// <summary>An error without a message; prefer the others.</summary>
    public WeightFormatException()
    {
    }

    /// <summary>An error with a sentence for people.</summary>
    public WeightFormatException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a sentence for people and its cause.</summary>
    public WeightFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
