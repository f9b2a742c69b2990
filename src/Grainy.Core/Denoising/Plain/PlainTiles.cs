using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising.Plain;

/// <summary>Denoises squares with the plain U-Net.</summary>
internal sealed class PlainTiles : ITileDenoiser
{
    private readonly PlainUNet _network;
    private readonly bool _toneMapped;

    /// <param name="model">With a plain U-Net.</param>
    public PlainTiles(DenoiserModel model)
    {
        _network = new PlainUNet(PlainLayout.Of(model.Settings.Preset, model.Settings.Channels, model.Settings.Smooth));
        _network.Parameters.Load(model.Weights);
        _toneMapped = model.Settings.ToneMapped;
    }

    public int Stride => _network.Layout.Stride;

    public int LargestSide => 256;

    public DenoisedTile Denoise(ImageBuffer square, bool uncertainty) => new(Denoise(_network, square, _toneMapped), null);

    public void Dispose() => _network.Dispose();

    /// <summary>One square on the network's scale, denoised.</summary>
    public static ImageBuffer Denoise(PlainUNet network, ImageBuffer square, bool toneMapped)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var x = square.ToTensor();
        return network.Predict(toneMapped ? ToneCurve.Apply(x) : x).ToImage();
    }
}
