using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>Makes pairs of patches that differ in a known way, from hardly to badly. All draws come from the generator that is given.</summary>
internal static class PatchDistortions
{
    /// <summary>Pixels around a patch that a shift may bring in.</summary>
    public const int Margin = 8;

    private static readonly Scalar Half = 0.5;
    private static readonly Scalar Darkest = 1e-4; // a power of 0 has no slope

    /// <summary>Names, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["noise", "blur", "blocks", "colour", "shift", "blend", "contrast", "unrelated"];

    /// <summary>The middle of larger patches: <c>[N, 3, P + 2·Margin, P + 2·Margin]</c> → <c>[N, 3, P, P]</c>.</summary>
    public static Tensor Middle(Tensor patches) => Window(patches, Margin, Margin);

    /// <summary>Distorted middles.</summary>
    /// <param name="kind">Number of the kind.</param>
    /// <param name="patches"><c>[N, 3, P + 2·Margin, P + 2·Margin]</c> in [0, 1]; borrowed.</param>
    /// <param name="others">Other patches of the same shape, for blends; borrowed.</param>
    /// <param name="strength">0 (hardly visible) to 1 (bad) per patch.</param>
    /// <param name="generator">Of the CPU.</param>
    /// <returns><c>[N, 3, P, P]</c> in [0, 1]; the caller owns it.</returns>
    public static Tensor Apply(int kind, Tensor patches, Tensor others, float[] strength, Generator generator)
    {
        using var scope = NewDisposeScope();
        var middle = Middle(patches);
        var amount = tensor(strength, [strength.Length, 1, 1, 1]);
        var result = Kinds[kind] switch
        {
            "noise" => middle.Plus(randn(middle.shape, generator: generator) * Geometric(amount, 0.01, 0.35)),
            "blur" => Each(middle, strength, (patch, s) => Blurred(patch, 0.4 * Math.Pow(12, s))),
            "blocks" => Blocks(middle, Geometric(amount, 0.01, 0.6)),
            "colour" => Coloured(middle, amount, generator),
            "shift" => Each(patches, strength, (patch, s) => Shifted(patch, s, generator)),
            "blend" => lerp(middle, Middle(others), Geometric(amount, 0.03, 0.9)),
            "contrast" => Contrasted(middle, amount, generator),
            _ => Middle(others),
        };
        return result.clamp(Arithmetic.Zero, Arithmetic.One).MoveToOuterDisposeScope();
    }

    private static Tensor Geometric(Tensor amount, double from, double to) => amount.Times(Math.Log(to / from)).exp().Times(from);

    private static Tensor Window(Tensor patches, long y, long x)
    {
        var size = patches.Require("N 3 P P")[2] - (2 * Margin);
        return patches.narrow(2, y, size).narrow(3, x, size);
    }

    private static Tensor Each(Tensor patches, float[] strength, Func<Tensor, double, Tensor> distort) =>
        cat([.. strength.Select((s, i) => distort(patches.narrow(0, i, 1), s))], 0);

    private static Tensor Blurred(Tensor patch, double sigma)
    {
        var radius = (int)Math.Ceiling(2.5 * sigma);
        var taps = Enumerable.Range(-radius, (2 * radius) + 1).Select(at => (float)Math.Exp(-at * at / (2 * sigma * sigma))).ToArray();
        var sum = taps.Sum();
        var kernel = tensor([.. taps.Select(tap => tap / sum)]);
        var planes = nn.functional.pad(patch, [radius, radius, radius, radius], PaddingModes.Reflect).transpose(0, 1); // [3, 1, H, W]
        var rows = nn.functional.conv2d(planes, kernel.view(1, 1, 1, -1));
        return nn.functional.conv2d(rows, kernel.view(1, 1, -1, 1)).transpose(0, 1);
    }

    // Rounds the cosine coefficients of 8 × 8 blocks, coarser for higher frequencies: what strong compression does.
    private static Tensor Blocks(Tensor patches, Tensor step)
    {
        var shape = patches.shape;
        var cosines = tensor([.. from u in Enumerable.Range(0, 8) from x in Enumerable.Range(0, 8)
            select (float)(Math.Sqrt(u == 0 ? 1 / 8.0 : 2 / 8.0) * Math.Cos(((2 * x) + 1) * u * Math.PI / 16))], [8, 8]);
        var blocks = patches.reshape(shape[0], 3, shape[2] / 8, 8, shape[3] / 8, 8);
        var coefficients = einsum("ua,vb,ncyaxb->ncyuxv", cosines, cosines, blocks);
        var frequency = tensor(new float[] { 0, 1, 2, 3, 4, 5, 6, 7 });
        var steps = frequency.view(8, 1, 1).Plus(frequency.view(1, 1, 8)).Times(0.5).Plus(1).view(1, 1, 1, 8, 1, 8) * step.view(-1, 1, 1, 1, 1, 1);
        return einsum("ua,vb,ncyuxv->ncyaxb", cosines, cosines, (coefficients / steps).round() * steps).reshape(shape);
    }

    private static Tensor Coloured(Tensor patches, Tensor amount, Generator generator)
    {
        var reach = Geometric(amount, 0.02, 0.6);
        var gains = (randn([patches.shape[0], 3, 1, 1], generator: generator) * reach).exp();
        return (patches * gains).Plus(reach.Times(0.3) * randn([patches.shape[0], 3, 1, 1], generator: generator));
    }

    private static Tensor Shifted(Tensor patch, double strength, Generator generator)
    {
        var reach = 1 + (int)Math.Round((Margin - 1) * strength);
        var offsets = randint(-reach, reach + 1, [2], generator: generator).data<long>().ToArray();
        // A shift by nothing would be no pair at all.
        return offsets is [0, 0] ? Window(patch, Margin, Margin + reach) : Window(patch, Margin + offsets[0], Margin + offsets[1]);
    }

    private static Tensor Contrasted(Tensor patches, Tensor amount, Generator generator)
    {
        var sign = rand([patches.shape[0], 1, 1, 1], generator: generator).lt(Half).to(float32).Times(2).Plus(-1);
        var exponent = sign * Geometric(amount, 0.03, 1.2);
        return patches.clamp_min(Darkest).pow(exponent.exp());
    }
}
