namespace Grainy.Core.Images;

/// <summary>Files that are written.</summary>
public enum OutputFormat
{
    /// <summary>8 bits per sample, rounded and clipped to [0, 1]: for looking.</summary>
    Png8,

    /// <summary>16 bits per sample, rounded and clipped to [0, 1].</summary>
    Png16,

    /// <summary>16 bits per sample, rounded and clipped to [0, 1]; not compressed.</summary>
    Tiff16,

    /// <summary>32-bit float samples, exactly as they are, also below 0 and above 1; not compressed.</summary>
    Tiff32F,
}
