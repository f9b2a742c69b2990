using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training;

/// <summary>Where a training gets its noisy crops from; the same step always gives the same ones.</summary>
internal interface ICropSource
{
    /// <summary>Crops <c>[N, C, S, S]</c> on the network's scale and their noise variances <c>[N]</c>. The caller owns both.</summary>
    (Tensor Crops, Tensor Variances) Draw(long step);
}

/// <summary>
/// Adds fresh Gaussian noise to each crop, its σ uniform between two bounds. What the network sees is noisy; the crop underneath is shown to nobody.
/// </summary>
internal sealed class FreshNoise(ICropSource clean, double lowestSigma, double highestSigma, SeedSequence seeds) : ICropSource
{
    public (Tensor Crops, Tensor Variances) Draw(long step)
    {
        using var scope = NewDisposeScope();
        using var generator = seeds.For("noise", step);
        var (crops, _) = clean.Draw(step);
        var sigma = rand([crops.shape[0]], generator: generator).Times(highestSigma - lowestSigma).Plus(lowestSigma);
        var noisy = crops.Plus(randn(crops.shape, generator: generator) * sigma.view(-1, 1, 1, 1));
        return (noisy.MoveToOuterDisposeScope(), sigma.Squared().MoveToOuterDisposeScope());
    }
}
