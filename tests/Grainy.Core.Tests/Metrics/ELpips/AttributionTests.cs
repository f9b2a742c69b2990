using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;

namespace Grainy.Core.Tests.Metrics.ELpips;

public sealed class AttributionTests
{
    [Theory]
    [InlineData(Sampling.Stratified)]
    [InlineData(Sampling.Reference)]
    public void Shares_should_tell_what_the_distance_depends_on_and_what_not(Sampling kind)
    {
        var standIn = StandIn.Noisy;
        IEnsembleSampling sampling = kind == Sampling.Stratified ? new StratifiedSampling(4, 5, 3000, 1, 2) : new ReferenceSampling(4, 5, 1, 2);
        standIn.Estimate(sampling, 3000);

        var shares = sampling.Attribution(0);

        shares.GroupBy(share => share.Transform).Select(group => (group.Key, group.Count()))
            .ShouldBe([("scale", 5), ("flip", 4), ("transpose", 2), ("channels", 6), ("shift", 4), ("brightness", 3)]);
        shares.GroupBy(share => share.Transform).ShouldAllBe(group => group.Sum(share => share.Samples) == 3000);
        shares.ShouldAllBe(share => share.StandardError > 0);
        // Five standard errors: one seed in 100,000 with the 21 shares whose means are known. The standard errors of the rarest scale come from few batches.
        foreach (var (share, expected) in shares.Where(share => share.Transform == "scale").Zip(standIn.Means))
        {
            share.Mean.ShouldBe(expected, 6 * share.StandardError);
        }

        foreach (var share in shares.Where(share => share.Transform is not ("scale" or "brightness")))
        {
            share.Mean.ShouldBe(standIn.Truth, 5 * share.StandardError);
        }

        var brightness = shares.Where(share => share.Transform == "brightness").ToArray();
        (brightness[1].Mean - brightness[0].Mean).ShouldBeGreaterThan(3 * (brightness[0].StandardError + brightness[1].StandardError));
        (brightness[2].Mean - brightness[1].Mean).ShouldBeGreaterThan(2 * (brightness[1].StandardError + brightness[2].StandardError));
    }

    [Fact]
    public void Groups_should_name_what_a_transform_does()
    {
        var transform = new ELpipsTransform { FlipRows = true, Transpose = true, Permutation = (1, 2, 0), Shift = (1, 6), Factors = (0.9f, 0.95f, 0.8f) };

        TransformGroups.Of(transform).Select(group => TransformGroups.All[group])
            .ShouldBe([("flip", "rows"), ("transpose", "yes"), ("channels", "GBR"), ("shift", "down 4–7, right 0–3"), ("brightness", "bright third")]);
        ELpipsSampler.Permutations.Select(permutation => TransformGroups.All[TransformGroups.Of(transform with { Permutation = permutation })[2]].Value)
            .ShouldBe(["RGB", "RBG", "GRB", "GBR", "BRG", "BGR"]);
    }

    [Fact]
    public void Thirds_of_brightness_should_be_thirds()
    {
        var random = new RandomStream(3);
        var thirds = new int[3];
        for (var i = 0; i < 30_000; i++)
        {
            thirds[TransformGroups.Of(ELpipsSampler.Draw(1, random))[^1] - TransformGroups.FirstOfBrightness]++;
        }

        // Five standard errors.
        thirds.ShouldAllBe(count => Math.Abs(count - 10_000) < 5 * Math.Sqrt(30_000 * 2.0 / 9));
    }
}
