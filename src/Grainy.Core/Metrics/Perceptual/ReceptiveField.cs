namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// Where the features of a network lie in a picture and how far they see, worked out from its layers. A piece of a picture that begins at a multiple of
/// <see cref="Stride"/> and has <see cref="Halo"/> more pixels on each inner side gives exactly the features that the whole picture gives there.
/// </summary>
internal sealed class ReceptiveField
{
    private readonly List<int> _steps = [];
    private int _before;
    private int _after;
    private int _reach;

    /// <summary>Pixels between neighbouring features of the deepest layer.</summary>
    public int Stride { get; private set; } = 1;

    /// <summary>Pixels of context, a multiple of <see cref="Stride"/>.</summary>
    public int Halo => (_reach + Stride - 1) / Stride * Stride;

    /// <summary>Pixels between neighbouring features of each compared layer; feature i of a layer belongs to the pixels from i·step on.</summary>
    public IReadOnlyList<int> Steps => _steps;

    /// <summary>The next layer: a convolution or a pooling; rounding up at the far border changes nothing here.</summary>
    /// <param name="side">Of the window.</param>
    /// <param name="stride">Features between neighbouring windows.</param>
    /// <param name="padding">On each side.</param>
    public ReceptiveField Window(int side, int stride = 1, int padding = 0)
    {
        // Feature i sees the pixels from i·Stride − before to i·Stride + after.
        _before += padding * Stride;
        _after += (side - 1 - padding) * Stride;
        Stride *= stride;
        return this;
    }

    /// <summary>The features at this point are compared.</summary>
    public ReceptiveField Visit()
    {
        _steps.Add(Stride);
        _reach = Math.Max(_reach, Math.Max(_before, _after - Stride + 1));
        return this;
    }
}
