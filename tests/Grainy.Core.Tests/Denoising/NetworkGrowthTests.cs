using Grainy.Core.Denoising;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Denoising;

[LeavesNoTensors]
public sealed class NetworkGrowthTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Grown_network_should_predict_what_the_small_one_did(int channels)
    {
        ShouldPredictTheSame(BlindSpotLayout.Of("compact", channels), BlindSpotLayout.Of("medium", channels));
    }

    [Fact]
    public void Network_of_the_same_depth_should_grow_in_width()
    {
        var small = BlindSpotLayout.Of("compact", 3);
        ShouldPredictTheSame(small, small with { EncoderWidths = [32, 48, 24], DecoderWidths = [56, 64] });
    }

    [Fact]
    public void What_was_added_should_learn()
    {
        using var small = BlindSpotNetworkTests.Make("compact", 3);
        using var large = new BlindSpotNetwork(BlindSpotLayout.Of("medium", 3));
        large.Parameters.Load(Grown(small, large.Layout));
        using var scope = NewDisposeScope();

        large.Predict(BlindSpotNetworkTests.Noise(1, 3, 48, 3)).pow(2).sum().backward();

        // Kernels of old maps that read new ones start from zero and must be moved: dec2a reads 96 maps from below, of which 48 repeat old ones.
        large.Parameters["dec2a"].Weight.grad!.narrow(0, 0, 48).narrow(1, 48, 48).abs().amax([1, 2, 3]).min().item<float>().ShouldBeGreaterThan(0f);
        large.Parameters["enc2"].Weight.detach().narrow(0, 24, 24).abs().amax([1, 2, 3]).min().item<float>().ShouldBeGreaterThan(0f);
    }

    [Theory]
    [InlineData("medium", "compact", false)]
    [InlineData("compact", "medium", true)]
    [InlineData("compact", "full", false)] // it has a second layer at full resolution
    public void Fit_should_be_told(string from, string into, bool expected) => NetworkGrowth.Fits(BlindSpotLayout.Of(from, 3), BlindSpotLayout.Of(into, 3)).ShouldBe(expected);

    // In double precision; what is left is the slope of the rectifiers, known to seven digits.
    private static void ShouldPredictTheSame(BlindSpotLayout layout, BlindSpotLayout larger)
    {
        using var small = new BlindSpotNetwork(layout, type: float64);
        small.Parameters.Initialise(new SeedSequence(1));
        using var large = new BlindSpotNetwork(larger, type: float64);
        large.Parameters.Load(Grown(small, larger));
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var x = BlindSpotNetworkTests.Noise(1, layout.Channels, 48, 3).to(float64);
        var expected = small.Predict(x);

        ((large.Predict(x) - expected).abs().max() / expected.abs().max()).item<double>().ShouldBeLessThan(3e-7);
    }

    private static float[] Grown(BlindSpotNetwork small, BlindSpotLayout layout) =>
        NetworkGrowth.Into(small.Layout, small.Parameters.ToArray(), layout, new SeedSequence(2));
}
