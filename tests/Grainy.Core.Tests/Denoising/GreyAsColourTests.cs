using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Tests.Denoising;

public sealed class GreyAsColourTests
{
    [Fact]
    public void Channels_should_have_independent_noise_of_three_times_the_variance_about_the_grey_image()
    {
        const int Side = 200;
        var noise = new NoiseModel.Affine(0.02, 0.005);
        var clean = new ImageBuffer(1, Side, Side, [.. Enumerable.Repeat(0.5f, Side * Side)]);
        var noisy = GaussianNoise.Corrupt(clean, Math.Sqrt(0.015), 1);

        // The variance is that at the noisy sample, whose mean it grows with.
        var colour = new GreyAsColour(noise).Rows(noisy, 0);

        for (var i = 0; i < Side * Side; i++)
        {
            ((colour.Plane(0)[i] + colour.Plane(1)[i] + colour.Plane(2)[i]) / 3).ShouldBe(noisy.Planes[i], 1e-6f);
        }

        for (var one = 0; one < 3; one++)
        {
            for (var two = one; two < 3; two++)
            {
                var (x, y) = (colour.Plane(one).ToArray(), colour.Plane(two).ToArray());
                // 40,000 samples: a standard error of 0.7 % of the variance of 0.045; five of them are exceeded once in 300,000 seeds for each of six.
                x.Zip(y).Average(pair => (pair.First - 0.5) * (pair.Second - 0.5)).ShouldBe(one == two ? 0.045 : 0, 0.0016);
            }
        }
    }

    [Fact]
    public void Rows_should_be_the_same_however_they_are_cut()
    {
        var noise = new NoiseModel.Gaussian(0.1);
        var grey = ImageFixtures.Waves(1, 20, 30);
        var whole = new GreyAsColour(noise).Rows(grey, 0);

        var part = new GreyAsColour(noise).Rows(new ImageBuffer(1, 5, 30, [.. grey.Planes.Skip(7 * 30).Take(5 * 30)]), 7);

        part.Plane(2).ToArray().ShouldBe([.. whole.Plane(2).ToArray().Skip(7 * 30).Take(5 * 30)]);
    }

    [Fact]
    public void Impulses_should_have_no_such_noise() => GreyAsColour.Of(new NoiseModel.Impulse(0.1)).ShouldBeNull();
}
