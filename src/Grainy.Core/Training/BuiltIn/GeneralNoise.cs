using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training.BuiltIn;

/// <summary>
/// Adds fresh noise to clean crops: Gaussian with σ from 5/255 to 50/255, or photons with λ from 5 to 150 counts at white. Each step draws from a stream of its own.
/// </summary>
internal sealed class GeneralNoise(SeedSequence seeds)
{
    public const double LowestSigma = 5 / 255.0;
    public const double HighestSigma = 50 / 255.0;
    public const double PoissonShare = 0.25;
    private const double FewestCounts = 5;
    private const double MostCounts = 150;

    /// <param name="clean"><c>[N, C, S, S]</c> in [0, 1]. Borrowed.</param>
    /// <param name="step">Which.</param>
    /// <returns>
    /// The noisy crops, and gain and constant <c>[N]</c> of the noise: its variance is gain·x + constant. The caller owns all three.
    /// </returns>
    public (Tensor Noisy, Tensor Gain, Tensor Constant) Add(Tensor clean, long step)
    {
        using var scope = NewDisposeScope();
        using var generator = seeds.For("noise", step);
        var random = seeds.ManagedFor("noise.level", step);
        var count = (int)clean.shape[0];
        var (gain, constant) = (new float[count], new float[count]);
        var crops = new Tensor[count];
        for (var n = 0; n < count; n++)
        {
            var crop = clean.narrow(0, n, 1);
            if (random.NextDouble() < PoissonShare)
            {
                var counts = Math.Exp(Between(Math.Log(FewestCounts), Math.Log(MostCounts)));
                gain[n] = (float)(1 / counts);
                crops[n] = poisson(crop.clamp_min(Arithmetic.Zero).Times(counts), generator).Times(1 / counts);
            }
            else
            {
                var sigma = Between(LowestSigma, HighestSigma);
                constant[n] = (float)(sigma * sigma);
                crops[n] = crop.Plus(randn(crop.shape, generator: generator).Times(sigma));
            }
        }

        return scope.MoveToOuter(cat(crops, 0), tensor(gain), tensor(constant));

        double Between(double low, double high) => low + ((high - low) * random.NextDouble());
    }
}
