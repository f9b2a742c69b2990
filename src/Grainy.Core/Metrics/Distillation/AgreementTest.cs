using Grainy.Core.Images;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>Compares the student with its teacher on images that are not trained on: always the same pairs, ten kinds, at 64, 128 and 256 pixels.</summary>
internal static class AgreementTest
{
    /// <summary>The smallest side of an image to measure on, in pixels.</summary>
    public const int SmallestSide = 256 + (2 * PatchDistortions.Margin);

    private const int PerKind = 8;
    private const int HardPerBatch = 3;
    private const string Attacked = "attacked";

    private static readonly int[] Sides = [64, 128, 256];

    /// <summary>All kinds in the order of the report.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. PatchDistortions.Kinds, "denoised", Attacked];

    /// <summary>Measures.</summary>
    /// <param name="teacher">Borrowed.</param>
    /// <param name="student">Borrowed.</param>
    /// <param name="heldOut">At least <see cref="SmallestSide"/> pixels on each side.</param>
    /// <param name="rounds">Of 201 pairs and 24 attacked ones, a third of each size.</param>
    public static DistillationAgreement Of(FeatureDistance teacher, FeatureDistance student, IReadOnlyList<ImageBuffer> heldOut, int rounds = 4)
    {
        var (expected, actual) = (Kinds.Select(_ => new List<double>()).ToArray(), Kinds.Select(_ => new List<double>()).ToArray());
        for (var batch = 0; batch < rounds * Sides.Length; batch++)
        {
            using var scope = NewDisposeScope();
            // Generated textures stay in with the 15 % that training has: in use there are such images too.
            var source = new PatchSource(heldOut, Sides[batch % Sides.Length] + (2 * PatchDistortions.Margin));
            var random = new RandomStream(new SeedSequence(2026).Derive("held out", batch));
            var (references, distorted) = PairMaker.Make(source, PerKind, random);
            Add(references, distorted, row => row / PerKind);

            var some = references.narrow(0, 0, HardPerBatch);
            Add(some, DenoisedPairs.Make(some, random), _ => PatchDistortions.Kinds.Count);
            var spread = tensor([.. Enumerable.Range(0, PatchDistortions.Kinds.Count).Select(kind => (long)kind * PerKind)]);
            var (attackedReferences, start) = (references.index_select(0, spread), distorted.index_select(0, spread));
            Add(attackedReferences, AttackedPairs.Make(teacher, attackedReferences, start, random), _ => PatchDistortions.Kinds.Count + 1);
        }

        // Which wrong answer an attack gets is the victim's own: agreement on those is reported and not wanted.
        var natural = Enumerable.Range(0, Kinds.Count).Where(kind => Kinds[kind] != Attacked).ToArray();
        var (all, given) = (natural.SelectMany(kind => expected[kind]).ToArray(), natural.SelectMany(kind => actual[kind]).ToArray());
        return new DistillationAgreement(
            all.Length,
            RankCorrelation.Of(all, given),
            Kinds.Select((kind, i) => (kind, Rho: RankCorrelation.Of(expected[i], actual[i]))).ToDictionary(pair => pair.kind, pair => pair.Rho),
            all.Zip(given, (truth, answer) => Math.Abs(Math.Log((answer + DistillationLoss.Floor) / (truth + DistillationLoss.Floor)))).Average());

        void Add(Tensor references, Tensor distorted, Func<int, int> kind)
        {
            using var inference = no_grad();
            var truth = teacher.Between(references, distorted, null).sum([0]).data<float>().ToArray();
            var answers = student.Between(references, distorted, null).sum([0]).data<float>().ToArray();
            for (var i = 0; i < truth.Length; i++)
            {
                expected[kind(i)].Add(truth[i]);
                actual[kind(i)].Add(answers[i]);
            }
        }
    }
}
