namespace Grainy.Core.Images;

/// <summary>A file cannot be taken as an image. The message is one sentence for the person who brought it: what is wrong, and what to do.</summary>
public sealed class ImageFormatException : Exception
{
    /// <summary>With a message for people.</summary>
    public ImageFormatException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for people and the decoder's own error.</summary>
    public ImageFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a message.</summary>
    public ImageFormatException()
    {
    }
}
