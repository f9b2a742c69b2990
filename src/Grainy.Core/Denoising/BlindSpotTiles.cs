using Grainy.Core.Images;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>Denoises squares with a blind-spot network and the posterior mean.</summary>
internal sealed class BlindSpotTiles : ITileDenoiser
{
    private readonly BlindSpotNetwork _network;
    private readonly double _sigma;

    /// <param name="model">With a blind-spot network.</param>
    /// <param name="sigma">Standard deviation of the noise on the network's scale.</param>
    public BlindSpotTiles(DenoiserModel model, double sigma)
    {
        _network = new BlindSpotNetwork(BlindSpotLayout.Of(model.Settings));
        _network.Parameters.Load(model.Weights);
        _sigma = sigma;
    }

    public int Stride => _network.Layout.Stride;

    public ImageBuffer Denoise(ImageBuffer square) => Denoise(_network, square, _sigma);

    public void Dispose() => _network.Dispose();

    /// <summary>One square on the network's scale, denoised.</summary>
    public static ImageBuffer Denoise(BlindSpotNetwork network, ImageBuffer square, double sigma)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var x = square.ToTensor();
        var observed = PixelColumns.Of(x, float32);
        using Scalar noisePower = (float)(sigma * sigma);
        var variance = full([observed.shape[1]], noisePower, dtype: float32);
        var prediction = PixelColumns.Of(network.Predict(x), float32);
        return GaussianLikelihood.PosteriorMean(prediction, observed, variance).view(x.shape).ToImage();
    }
}
