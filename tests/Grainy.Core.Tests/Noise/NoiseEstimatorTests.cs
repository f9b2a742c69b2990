using System.Diagnostics;
using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Tests.Noise;

public sealed class NoiseEstimatorTests(ITestOutputHelper output)
{
    // The largest error over these photos with seed 1 was 2.1 %, at kodim08; each photo holds a little noise of its own.
    [Theory]
    [InlineData("kodim01", 25)]
    [InlineData("kodim03", 25)]
    [InlineData("kodim05", 25)]
    [InlineData("kodim07", 25)]
    [InlineData("kodim08", 25)]
    [InlineData("kodim07", 10)]
    [InlineData("kodim12", 50)]
    public void Estimate_should_be_within_5_percent_on_photos(string name, double sigma)
    {
        var clean = ImageReader.Read(SharedData.Require($"data/images/kodak/{name}.png")).Image;

        var estimate = NoiseEstimator.Estimate(GaussianNoise.Corrupt(clean, sigma / 255, 1));

        output.WriteLine($"{name} with {sigma}: {estimate.Sigma * 255:F2}");
        (estimate.Sigma * 255).ShouldBe(sigma, 0.05 * sigma);
        estimate.PerChannel.Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("kodim03")]
    [InlineData("kodim07")]
    public void Estimate_should_be_small_on_clean_photos(string name)
    {
        var clean = ImageReader.Read(SharedData.Require($"data/images/kodak/{name}.png")).Image;

        (NoiseEstimator.Estimate(clean).Sigma * 255).ShouldBeInRange(0, 2);
    }

    [Fact]
    public void Estimate_should_be_exact_without_a_picture()
    {
        var flat = ImageFixtures.Make(1, 256, 256, (_, _, _) => 0.4);

        NoiseEstimator.Estimate(GaussianNoise.Corrupt(flat, 0.1, 1)).Sigma.ShouldBe(0.1, 0.002);
    }

    [Fact]
    public void Estimate_should_tell_channels_apart()
    {
        var parts = Enumerable.Range(1, 3).Select(c => GaussianNoise.Corrupt(ImageFixtures.Waves(1, 128, 128), 0.05 * c, (ulong)c).Planes).ToArray();

        var estimate = NoiseEstimator.Estimate(new ImageBuffer(3, 128, 128, [.. parts[0], .. parts[1], .. parts[2]]));

        estimate.PerChannel[0].ShouldBe(0.05, 0.003);
        estimate.PerChannel[1].ShouldBe(0.10, 0.006);
        estimate.PerChannel[2].ShouldBe(0.15, 0.009);
        estimate.Sigma.ShouldBe(Math.Sqrt(estimate.PerChannel.Average(sigma => sigma * sigma)), 1e-12);
    }

    [Fact]
    public void Estimate_should_be_zero_on_a_constant() => NoiseEstimator.Estimate(ImageFixtures.Make(1, 64, 64, (_, _, _) => 0.25)).Sigma.ShouldBe(0);

    [Fact]
    public void Clipped_samples_should_not_lower_the_estimate()
    {
        // The left third is black and clipped, the right third white and clipped, as cameras do.
        var scene = ImageFixtures.Make(1, 256, 384, (_, y, x) => x < 128 ? -0.02 : x < 256 ? 0.5 + (0.1 * Math.Sin(y * 0.05)) : 1.02);
        var noisy = GaussianNoise.Corrupt(scene, 0.06, 1);

        var clipped = new ImageBuffer(1, 256, 384, [.. noisy.Planes.Select(value => Math.Clamp(value, 0, 1))]);

        NoiseEstimator.Estimate(clipped).Sigma.ShouldBe(0.06, 0.003);
    }

    [Fact]
    public void Wholly_clipped_image_should_still_get_a_number()
    {
        var checks = ImageFixtures.Make(1, 64, 64, (_, y, x) => (x / 8) + (y / 8) & 1);

        NoiseEstimator.Estimate(checks).Sigma.ShouldBe(0);
    }

    [Fact]
    public void Small_images_should_get_no_estimate()
    {
        var small = ImageFixtures.Waves(1, 15, 200);

        NoiseEstimator.TryEstimate(small).ShouldBeNull();
        Should.Throw<ArgumentException>(() => NoiseEstimator.Estimate(small))
            .Message.ShouldStartWith("An image of 200 × 15 pixels is too small to estimate its noise");
        NoiseEstimator.TryEstimate(GaussianNoise.Corrupt(ImageFixtures.Waves(1, 16, 16), 0.1, 1)).ShouldNotBeNull().Sigma.ShouldBe(0.1, 0.05);
    }

    [Fact]
    public void Estimate_should_take_well_under_a_second_on_a_photo()
    {
        var photo = GaussianNoise.Corrupt(ImageFixtures.Waves(3, 512, 768), 0.1, 1);
        NoiseEstimator.Estimate(photo);

        var clock = Stopwatch.StartNew();
        NoiseEstimator.Estimate(photo);

        // About 0.15 s on a free core; the bound allows for busy machines.
        output.WriteLine($"{clock.ElapsedMilliseconds} ms");
        clock.Elapsed.TotalSeconds.ShouldBeLessThan(3);
    }

    [Fact]
    public void Eigenvalues_should_be_those_of_a_known_matrix()
    {
        // The second difference matrix of n points has the eigenvalues 2 − 2·cos(kπ / (n + 1)).
        const int n = 12;
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            matrix[(i * n) + i] = 2;
            if (i + 1 < n)
            {
                matrix[(i * n) + i + 1] = matrix[((i + 1) * n) + i] = -1;
            }
        }

        var values = SymmetricEigen.Values(matrix, n);

        for (var k = 1; k <= n; k++)
        {
            values[n - k].ShouldBe(2 - (2 * Math.Cos(k * Math.PI / (n + 1))), 1e-10);
        }
    }
}
