namespace Grainy.Core.Denoising;

/// <summary>Names of the network sizes.</summary>
public static class NetworkPresets
{
    /// <summary>24 and 48 feature maps, two poolings, 126,705 parameters for RGB: trains on a processor in minutes.</summary>
    public const string Compact = "compact";

    /// <summary>24 to 96 feature maps, more where the picture is coarser, three poolings, 442,705 parameters for RGB: trains on a processor in hours.</summary>
    public const string Medium = "medium";

    /// <summary>The paper's network: 48 and 96 feature maps, five poolings, 1,269,129 parameters for RGB; wants a graphics card.</summary>
    public const string Full = "full";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Compact, Medium, Full];
}
