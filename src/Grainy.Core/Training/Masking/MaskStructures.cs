namespace Grainy.Core.Training.Masking;

/// <summary>Shapes of the mask around each hidden pixel, for noise that is correlated along a direction (structN2V, Broaddus et al. 2020).</summary>
public static class MaskStructures
{
    /// <summary>The pixel alone.</summary>
    public const string None = "none";

    /// <summary>A horizontal line.</summary>
    public const string Horizontal = "horizontal";

    /// <summary>A vertical line.</summary>
    public const string Vertical = "vertical";

    /// <summary>A horizontal and a vertical line.</summary>
    public const string Cross = "cross";

    /// <summary>A full square.</summary>
    public const string Square = "square";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [None, Horizontal, Vertical, Cross, Square];
}
