using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// The pixel mix with its fine contrast restored: where images differ in detail, their mean has less of it than any of them, down to half the variance for two. Each fine
/// band is amplified, place by place, to the mean local variance of the images' own (as blends of textures are, Heitz and Neyret 2018). It is nearer to all images
/// in a perceptual metric than the mix (measured: energy 36 % lower for two noisy copies, 3 % for cat and dog), and a better start for finding the nearest.
/// </summary>
internal static class LivelyMix
{
    private const int Bands = 2;
    private const int Window = 6;
    private const double MostGain = 4;

    private static readonly Scalar Tiny = 1e-7;
    private static readonly Scalar Least = 1.0;

    /// <summary>The mix; the caller owns it, <c>[1, 3, h, w]</c>, not clipped.</summary>
    /// <param name="images"><c>[M, 3, h, w]</c>; borrowed.</param>
    /// <param name="weights">One per image, of sum 1.</param>
    public static Tensor Of(Tensor images, IReadOnlyList<double> weights)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var shares = tensor(weights.Select(weight => (float)weight).ToArray(), [weights.Count, 1, 1, 1]);
        // Independent details lose this factor in the mean; what is correlated loses less, and its variance says so.
        using Scalar most = Math.Min(MostGain, 1 / Math.Sqrt(weights.Sum(weight => weight * weight)));
        Tensor? sum = null;
        var rest = images;
        for (var band = 0; band < Bands; band++)
        {
            var smooth = Blurred(rest, 1 << band);
            var detail = rest - smooth;
            var mixed = (detail * shares).sum([0], keepdim: true);
            var wanted = Blurred((detail.Squared() * shares).sum([0], keepdim: true).mean([1], keepdim: true), Window << band);
            var there = Blurred(mixed.Squared().mean([1], keepdim: true), Window << band);
            var gain = (wanted / there.add(Tiny, Arithmetic.One)).sqrt().clamp(Least, most);
            sum = sum is null ? mixed * gain : sum.Plus(mixed * gain);
            rest = smooth;
        }

        return sum!.Plus((rest * shares).sum([0], keepdim: true)).MoveToOuterDisposeScope();
    }

    // Two passes of a box: nearly a Gaussian. Borders are repeated.
    private static Tensor Blurred(Tensor images, int radius)
    {
        using var scope = NewDisposeScope();
        var side = (2 * radius) + 1;
        var result = images;
        for (var pass = 0; pass < 2; pass++)
        {
            result = nn.functional.avg_pool2d(nn.functional.pad(result, [radius, radius, radius, radius], PaddingModes.Replicate), [side, side], [1, 1]);
        }

        return result.MoveToOuterDisposeScope();
    }
}
