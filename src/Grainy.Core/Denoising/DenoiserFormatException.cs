namespace Grainy.Core.Denoising;

/// <summary>A denoiser or a training checkpoint cannot be used; the message is one sentence for people.</summary>
public sealed class DenoiserFormatException : FormatException
{
    /// <summary>With a sentence that says what, why, and what to do.</summary>
    public DenoiserFormatException(string message)
        : base(message)
    {
    }

    /// <summary>As above, with the cause.</summary>
    public DenoiserFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without words; only for the serialisers that want it.</summary>
    public DenoiserFormatException()
    {
    }
}
