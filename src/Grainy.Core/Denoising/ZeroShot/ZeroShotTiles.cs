using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising.ZeroShot;

/// <summary>Denoises squares with the small network of zero-shot Noise2Noise.</summary>
internal sealed class ZeroShotTiles : ITileDenoiser
{
    private readonly ZeroShotNetwork _network;

    /// <param name="model">With such a network.</param>
    public ZeroShotTiles(DenoiserModel model)
    {
        _network = new ZeroShotNetwork(new ZeroShotLayout(model.Settings.Channels));
        _network.Parameters.Load(model.Weights);
    }

    public int Stride => 2;

    public int LargestSide => 256;

    public DenoisedTile Denoise(ImageBuffer square, bool uncertainty) => new(Denoise(_network, square), null);

    public void Dispose() => _network.Dispose();

    /// <summary>One square on the network's scale, denoised.</summary>
    public static ImageBuffer Denoise(ZeroShotNetwork network, ImageBuffer square)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return network.Predict(square.ToTensor()).ToImage();
    }
}
