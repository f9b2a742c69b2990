using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>The trained weights of VGG-16 are not at hand: its graph is tested with random ones against <see cref="LiteralVgg"/>.</summary>
[LeavesNoTensors]
public sealed class VggTests
{
    // Sides of 18, 9, 4, 2, 1 and 21, 10, 5, 2, 1: pools drop odd rows and columns.
    private static readonly ImageBuffer First = ReferenceImages.Synthetic(7, 13, 29, 0, 18, 21);
    private static readonly ImageBuffer Second = ReferenceImages.Synthetic(11, 5, 17, 31, 18, 21);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Distance_should_match_plain_loops(bool full) => ShouldMatch(full, dropoutSeed: null);

    [Fact]
    public void Dropout_should_come_before_each_of_the_thirteen_convolutions_with_a_mask_for_both_images() => ShouldMatch(full: true, dropoutSeed: 77);

    [Fact]
    public void Description_should_name_the_pools()
    {
        using var plain = new VggFeatures(LiteralVgg.Weights, VggVariant.Lpips, CPU);
        using var full = new VggFeatures(LiteralVgg.Weights, VggVariant.Full, CPU);

        (plain.Description, full.Description).ShouldBe(("vgg16@22222222 maxpool 2×2/2 floor", "vgg16@22222222 avgpool 2×2/2 floor"));
        plain.Channels.ShouldBe([64, 128, 256, 512, 512]);
        full.Channels.ShouldBe([3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]);
    }

    private static void ShouldMatch(bool full, ulong? dropoutSeed)
    {
        using var distance = new FeatureDistance(
            new VggFeatures(LiteralVgg.Weights, full ? VggVariant.Full : VggVariant.Lpips, CPU), LiteralVgg.Heads(full), CPU);
        var places = dropoutSeed is { } seed ? new RandomStream(seed) : null;
        var expected = LiteralVgg.Distance(First, Second, full, places is null ? null : count => BernoulliDropout.DroppedPlaces(places, count));

        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var dropout = dropoutSeed is { } same ? new BernoulliDropout(new RandomStream(same)) : null;
        var actual = distance.Between(First.ToTensor(), Second.ToTensor(), dropout).PerLayer();

        actual.Length.ShouldBe(expected.Length);
        foreach (var (value, wanted) in actual.Zip(expected))
        {
            value.ShouldBe(wanted, 2e-5 * wanted); // float32 against float64
        }
    }
}
