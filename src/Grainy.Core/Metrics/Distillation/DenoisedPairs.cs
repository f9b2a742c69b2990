using Grainy.Core.Denoising;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>Pairs of a patch and what a denoiser leaves of it after noise: smoothed textures and invented structures, which no other distortion looks like.</summary>
internal static class DenoisedPairs
{
    /// <summary>Adds noise of σ 0.02 to 0.25 to each patch and denoises it with the model that comes with the program.</summary>
    /// <param name="references"><c>[N, 3, P, P]</c>; borrowed.</param>
    /// <param name="random">Draws the noise.</param>
    /// <returns><c>[N, 3, P, P]</c> in [0, 1]; the caller owns it.</returns>
    public static Tensor Make(Tensor references, RandomStream random)
    {
        var count = references.Require("N 3 P P")[0];
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var generator = new Generator(random.NextBits());
        var restored = new List<Tensor>();
        for (var i = 0; i < count; i++)
        {
            var patch = references.narrow(0, i, 1);
            var sigma = 0.02 * Math.Pow(12.5, random.NextDouble());
            var noisy = patch.Plus(randn(patch.shape, generator: generator).Times(sigma)).ToImage();
            // Half of the time the strength is guessed wrong, as people do.
            var assumed = random.Next(2) == 0 ? sigma : sigma * Math.Pow(4, random.NextDouble() - 0.5);
            restored.Add(Denoiser.Run(DenoiserModel.BuiltIn, noisy, assumed, CancellationToken.None).Last().Result!.ToTensor());
        }

        return cat(restored, 0).clamp(Arithmetic.Zero, Arithmetic.One).MoveToOuterDisposeScope();
    }
}
