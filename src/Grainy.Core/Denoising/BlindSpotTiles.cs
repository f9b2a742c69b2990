using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>Denoises squares with a blind-spot network: the posterior mean of each pixel under its noise.</summary>
internal sealed class BlindSpotTiles : ITileDenoiser
{
    private readonly BlindSpotNetwork _network;
    private readonly NoiseModel _noise;

    /// <param name="model">With a blind-spot network.</param>
    /// <param name="noise">On the network's scale, with all parameters.</param>
    public BlindSpotTiles(DenoiserModel model, NoiseModel noise)
    {
        _network = new BlindSpotNetwork(BlindSpotLayout.Of(model.Settings));
        _network.Parameters.Load(model.Weights);
        _noise = noise;
    }

    public int Stride => _network.Layout.Stride;

    public int LargestSide => _network.LargestSide;

    public DenoisedTile Denoise(ImageBuffer square, bool uncertainty) => Denoise(_network, square, _noise, uncertainty);

    public void Dispose() => _network.Dispose();

    /// <summary>One square on the network's scale, denoised; its noise is Gaussian with this σ.</summary>
    public static ImageBuffer Denoise(BlindSpotNetwork network, ImageBuffer square, double sigma) =>
        Denoise(network, square, new NoiseModel.Gaussian(sigma), uncertainty: false).Image;

    /// <summary>One square on the network's scale, denoised, with the standard deviation of each sample if it is asked for and known.</summary>
    public static DenoisedTile Denoise(BlindSpotNetwork network, ImageBuffer square, NoiseModel noise, bool uncertainty)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var x = square.ToTensor();
        var observed = PixelColumns.Of(x, float32);
        var prediction = PixelColumns.Of(network.Predict(x), float32);
        if (network.Layout.Covariance == CovarianceKinds.None)
        {
            return new DenoisedTile(prediction.view(x.shape).ToImage(), null);
        }

        var parameters = NoiseParameters.Known(noise);
        var (mean, variance) = parameters.Share is { } share
            ? (ImpulseLikelihood.PosteriorMean(prediction, observed, share), uncertainty ? ImpulseLikelihood.PosteriorVariance(prediction, observed, share) : null)
            : Gaussian(prediction, observed, parameters.Variance(prediction.narrow(0, 0, square.Channels)), uncertainty);
        return new DenoisedTile(mean.view(x.shape).ToImage(), variance?.sqrt().view(x.shape).ToImage());
    }

    /// <summary>The numbers that a trained estimator gives for the noise of one square.</summary>
    public static double[] Estimate(BlindSpotNetwork network, ImageBuffer square)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return [.. FlatParameters.Copy(NoiseNetwork.Predict(network.Parameters, square.ToTensor())).Select(value => (double)value)];
    }

    /// <summary>As above, for the network in use.</summary>
    public double[] Estimate(ImageBuffer square) => Estimate(_network, square);

    private static (Tensor Mean, Tensor? Variance) Gaussian(Tensor prediction, Tensor observed, Tensor noise, bool uncertainty) =>
        (GaussianLikelihood.PosteriorMean(prediction, observed, noise), uncertainty ? GaussianLikelihood.PosteriorVariance(prediction, noise) : null);
}
