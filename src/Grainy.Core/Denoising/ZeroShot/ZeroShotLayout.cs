namespace Grainy.Core.Denoising.ZeroShot;

/// <summary>The small network of zero-shot Noise2Noise (Mansour, Heckel 2023): 22,275 parameters for RGB, 21,313 for grey.</summary>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
internal sealed record ZeroShotLayout(int Channels)
{
    private const int Width = 48;

    /// <summary>All layers in the order in which their parameters are stored.</summary>
    public IReadOnlyList<LayerSpec> Layers =>
        [new("conv0", Channels, Width, 3), new("conv1", Width, Width, 3), new("conv2", Width, Channels, 1, Linear: true)];

    /// <summary>Number of trained numbers.</summary>
    public int ParameterCount => Layers.Sum(layer => layer.Count);
}
