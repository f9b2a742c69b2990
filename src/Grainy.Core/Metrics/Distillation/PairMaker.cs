using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>Makes batches of pairs in which every kind of distortion has the same share; a third get a second, weaker distortion below.</summary>
internal static class PairMaker
{
    /// <summary><paramref name="perKind"/> pairs of each of <see cref="PatchDistortions.Kinds"/>, kind by kind.</summary>
    /// <returns>Two <c>[N, 3, P, P]</c> in [0, 1] in the current scope.</returns>
    public static (Tensor References, Tensor Distorted) Make(PatchSource source, int perKind, RandomStream random)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(random.NextBits());
        var kinds = PatchDistortions.Kinds.Count;
        var patches = source.Draw(perKind * kinds, random);
        var others = source.Draw(perKind * kinds, random);
        var distorted = cat([.. Enumerable.Range(0, kinds).Select(kind =>
        {
            var (own, other) = (patches.narrow(0, kind * perKind, perKind), others.narrow(0, kind * perKind, perKind));
            if (random.Next(3) == 0)
            {
                own = PatchDistortions.Apply(random.Next(4), WithMargin(own), WithMargin(other), Strengths(perKind, 0.5, random), generator);
            }

            return PatchDistortions.Apply(kind, own, other, Strengths(perKind, 1, random), generator);
        })], 0);
        return (PatchDistortions.Middle(patches).clone().MoveToOuterDisposeScope(), distorted.MoveToOuterDisposeScope());
    }

    // A first distortion keeps the margin that the second one needs.
    private static Tensor WithMargin(Tensor patches)
    {
        const int margin = PatchDistortions.Margin;
        return nn.functional.pad(patches, [margin, margin, margin, margin], PaddingModes.Reflect);
    }

    private static float[] Strengths(int count, double most, RandomStream random) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(most * random.NextDouble()))];
}
