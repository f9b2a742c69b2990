using Grainy.Contracts.Training;
using Grainy.Web.Features.Training;

namespace Grainy.Web.Tests.Training;

public sealed class NoiseInputTests
{
    [Theory]
    [InlineData("25", true, 25 / 255.0)]
    [InlineData("12,5", true, 12.5 / 255.0)]
    [InlineData("0.1", false, 0.1)]
    [InlineData("0", true, null)]
    [InlineData("300", true, null)]
    [InlineData("25", false, null)]
    [InlineData("much", true, null)]
    [InlineData("NaN", true, null)]
    public void Sigma_should_be_read_in_the_unit_that_was_chosen(string text, bool in8Bit, double? expected)
    {
        var noise = new NoiseInput { Source = NoiseSource.Given, SigmaText = text, SigmaIn8Bit = in8Bit };

        noise.Sigma.ShouldBe(expected);
        (noise.Objection is null).ShouldBe(expected is not null);
    }

    [Fact]
    public void Value_should_carry_what_was_measured_or_leave_it_to_the_training()
    {
        var noise = new NoiseInput();
        noise.Take(new NoiseChoice("affine", 0.02, 0.001), perImage: true);
        noise.Value.ShouldBe((null, new NoiseChoice("affine", 0.02, 0.001)));

        noise.Source = NoiseSource.LearnedPerImage;

        noise.Value.ShouldBe((null, new NoiseChoice("affine", null, null, true)));
    }

    [Theory]
    [InlineData(true, NoiseSource.Estimated)]
    [InlineData(false, NoiseSource.Given)] // correlated noise: the estimate of single images sees only its fine part
    public void Take_should_estimate_gaussian_noise_from_each_image_where_that_is_better(bool perImage, NoiseSource expected)
    {
        var noise = new NoiseInput();

        noise.Take(new NoiseChoice("gaussian", 0.1), perImage);

        noise.Source.ShouldBe(expected);
        noise.SigmaText.ShouldBe("25.5");
    }

    [Theory]
    [InlineData("poisson", "0", "0.01", "0.1", "5")]
    [InlineData("affine", "100", "-1", "0.1", "5")]
    [InlineData("affine", "100", "0", "0", "5")]
    [InlineData("impulse", "100", "0.01", "0.1", "100")]
    public void Objection_should_name_a_number_that_makes_no_sense(string kind, string counts, string gain, string floor, string share)
    {
        var noise = new NoiseInput { CountsText = counts, GainText = gain, FloorText = floor, ShareText = share };

        noise.Choose(kind);

        noise.Source.ShouldBe(NoiseSource.Given); // only Gaussian noise is estimated
        noise.Objection.ShouldNotBeNull();
    }
}
