using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;

namespace Grainy.Core.Tests.Metrics.ELpips;

public sealed class ReferenceSamplingTests
{
    private const int Batches = 600;

    [Fact]
    public void Batches_should_share_scale_and_orientation_and_be_stratified_in_all_else()
    {
        foreach (var batch in Drawn())
        {
            var transforms = batch.Select(draw => draw.Transform).ToArray();
            transforms.Length.ShouldBe(10);
            transforms.Select(t => (t.Scale, t.Phase, t.Transpose)).Distinct().Count().ShouldBe(1);
            transforms.GroupBy(t => (t.FlipRows, t.FlipColumns)).Select(group => group.Count()).ShouldAllBe(count => count >= 1 && count <= 3);
            transforms.GroupBy(t => t.Permutation).Select(group => group.Count()).ShouldAllBe(count => count <= 2);
            foreach (var factor in new Func<ELpipsTransform, float>[] { t => t.Factors.R, t => t.Factors.G, t => t.Factors.B })
            {
                transforms.Select(t => (int)((factor(t) - 0.2) / 0.08)).Order().ShouldBe(Enumerable.Range(0, 10));
            }

            batch.Select(draw => draw.Dropout).Distinct().Count().ShouldBe(10);
        }
    }

    // Five standard errors of a share: a right sampler fails one seed in 100,000 with the 20 shares that are looked at.
    [Fact]
    public void Batches_should_follow_the_laws_of_the_ensemble()
    {
        var batches = Drawn();
        var all = batches.SelectMany(batch => batch).Select(draw => draw.Transform).ToArray();
        for (var scale = 1; scale <= 5; scale++)
        {
            Share(batches.Average(batch => batch[0].Transform.Scale == scale ? 1.0 : 0), ELpipsSampler.Probabilities(5)[scale - 1], Batches);
        }

        Share(batches.Average(batch => batch[0].Transform.Transpose ? 1.0 : 0), 0.5, Batches);
        for (var shift = 0; shift < 8; shift++)
        {
            Share(all.Average(t => t.Shift!.Value.Y == shift ? 1.0 : 0), 0.125, all.Length);
        }

        foreach (var permutation in ELpipsSampler.Permutations)
        {
            Share(all.Average(t => t.Permutation == permutation ? 1.0 : 0), 1 / 6.0, all.Length);
        }

        static void Share(double share, double expected, int count) => share.ShouldBe(expected, 5 * Math.Sqrt(expected * (1 - expected) / count));
    }

    private static PictureDraw[][] Drawn()
    {
        var sampling = new ReferenceSampling(11, 5, 1, 1);
        return [.. Enumerable.Range(0, Batches).Select(_ =>
        {
            var batch = sampling.Group.ToArray();
            Array.ForEach(batch, _ => sampling.Add([[1.0]]));
            return batch;
        })];
    }
}
