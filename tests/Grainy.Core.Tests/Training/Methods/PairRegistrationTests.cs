using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training.Registration;

namespace Grainy.Core.Tests.Training.Methods;

public sealed class PairRegistrationTests
{
    [Theory]
    [InlineData(0, 0, 0.05)]
    [InlineData(0.25, 0, 0.05)]
    [InlineData(-0.5, 0.4, 0.05)]
    [InlineData(3, -7, 0.05)]
    [InlineData(12.3, -4.6, 0.1)]
    [InlineData(0.3, 1.7, 0.2)]
    public void Shift_should_be_found_to_fractions_of_a_pixel_under_noise(double right, double down, double sigma)
    {
        var (first, second) = (Noisy(Scene(0, 0), sigma, 1), Noisy(Scene(down, right), sigma, 2));

        var alignment = PairRegistration.Measure(first, second);

        // The best that any estimator can do here is about 0.5 σ pixels; 4 standard errors fail one seed in 8,000 for each of two numbers.
        alignment.ShiftX.ShouldBe(right, 4 * alignment.ShiftError);
        alignment.ShiftY.ShouldBe(down, 4 * alignment.ShiftError);
        alignment.ShiftError.ShouldBeInRange(0.4 * sigma, 1.2 * sigma);
        alignment.ShowsAnotherScene.ShouldBeFalse();
        alignment.IsDrifted.ShouldBeFalse();
        alignment.IsShifted.ShouldBe(Math.Sqrt((right * right) + (down * down)) > 0.15);
    }

    // Tissue in layers: the shift across them is known to a fraction of a pixel, that along them not at all.
    [Fact]
    public void Shift_across_layers_should_be_told_although_nothing_tells_of_the_one_along_them()
    {
        var (first, second) = (Noisy(Layers(0), 0.1, 1), Noisy(Layers(1.6), 0.1, 2));

        var alignment = PairRegistration.Measure(first, second);

        alignment.KnownY.ShouldBe(1.6, 4 * alignment.ErrorY);
        alignment.ErrorY.ShouldBeLessThan(0.1);
        (alignment.KnownX, alignment.IsShifted).ShouldBe((0, true));
        PairRegistration.Measure(first, Noisy(Layers(0), 0.1, 3)).IsShifted.ShouldBeFalse();

        static ImageBuffer Layers(double down) => ImageFixtures.Make(1, 128, 160, (_, y, _) => 0.5 + (0.25 * Math.Sin(0.21 * (y - down))) + (0.15 * Math.Sin(0.53 * (y - down))));
    }

    // Smooth and noisy frames: the highest peak of the phase correlation is often a chance one, tens of pixels away.
    [Fact]
    public void Smooth_frames_should_not_be_called_displaced_by_a_chance_peak()
    {
        var clean = ImageFixtures.Make(1, 128, 128, (_, y, x) => 0.5 + (0.12 * Math.Sin(0.04 * x)) + (0.1 * Math.Cos(0.05 * y)));
        for (var seed = 0UL; seed < 12; seed++)
        {
            PairRegistration.Measure(Noisy(clean, 0.08, (2 * seed) + 1), Noisy(clean, 0.08, (2 * seed) + 2)).Shift.ShouldBeLessThan(4, $"pair {seed}");
        }
    }

    [Fact]
    public void Stated_error_should_be_that_of_repeated_measurements()
    {
        var errors = new List<double>();
        var stated = 0.0;
        var (still, moved) = (Scene(0, 0), Scene(0.3, -0.2));
        for (var seed = 0UL; seed < 8; seed++)
        {
            var alignment = PairRegistration.Measure(Noisy(still, 0.2, (2 * seed) + 1), Noisy(moved, 0.2, (2 * seed) + 2));
            errors.Add(alignment.ShiftX + 0.2);
            errors.Add(alignment.ShiftY - 0.3);
            stated += alignment.ShiftError / 8;
        }

        // The spread of 16 values is known to 18 %; the stated error takes the worse direction.
        Math.Sqrt(errors.Average(error => error * error)).ShouldBeInRange(0.3 * stated, 1.5 * stated);
    }

    [Fact]
    public void Brightness_should_be_compared_where_both_frames_see_the_scene()
    {
        var first = Noisy(Scene(0, 0), 0.05, 1);
        var second = Noisy(ImageFixtures.Make(1, 128, 160, (_, y, x) => (1.08 * Value(y, x)) + 0.01), 0.05, 2);

        var alignment = PairRegistration.Measure(first, second);

        alignment.Gain.ShouldBe(1.08, 0.02);
        alignment.IsDrifted.ShouldBeTrue();
        alignment.Drift.ShouldBe((0.08 * alignment.Mean) + 0.01, 0.004);
        alignment.IsShifted.ShouldBeFalse();
    }

    [Fact]
    public void Two_scenes_should_be_told_from_two_exposures_of_one()
    {
        var other = ImageFixtures.Make(1, 128, 160, (_, y, x) => 0.5 + (0.3 * Math.Sin((0.21 * x) + (0.02 * y * y / 10))));

        PairRegistration.Measure(Noisy(Scene(0, 0), 0.1, 1), Noisy(other, 0.1, 2)).ShowsAnotherScene.ShouldBeTrue();
    }

    [Fact]
    public void Frames_without_structure_should_count_as_they_lie()
    {
        var flat = ImageFixtures.Make(1, 96, 96, (_, _, _) => 0.5);

        var alignment = PairRegistration.Measure(Noisy(flat, 0.1, 1), Noisy(flat, 0.1, 2));

        alignment.Correlation.ShouldBeNull();
        (alignment.IsShifted, alignment.IsDrifted, alignment.ShowsAnotherScene).ShouldBe((false, false, false));
        alignment.Gain.ShouldBe(1);
    }

    [Fact]
    public void Frames_of_different_size_should_be_refused_with_the_remedy() =>
        Should.Throw<ArgumentException>(() => PairRegistration.Measure(ImageFixtures.Waves(1, 40, 50), ImageFixtures.Waves(1, 50, 40))).Message
            .ShouldContain("50 × 40 pixels in 1 channel and the other 40 × 50");

    private static ImageBuffer Scene(double down, double right) => ImageFixtures.Make(1, 128, 160, (_, y, x) => Value(y - down, x - right));

    // Blobs of several sizes at places without a period.
    private static double Value(double y, double x)
    {
        var value = 0.3;
        for (var i = 0; i < 300; i++)
        {
            var (cy, cx, size) = ((i * 37.7 % 160) - 16, (i * 61.3 % 190) - 15, 3 + (i * 2.3 % 5));
            if (Math.Abs(y - cy) < 5 * size && Math.Abs(x - cx) < 5 * size)
            {
                value += (i % 2 == 0 ? 0.25 : -0.25) * Math.Exp(-(((y - cy) * (y - cy)) + ((x - cx) * (x - cx))) / (2 * size * size));
            }
        }

        return value;
    }

    private static ImageBuffer Noisy(ImageBuffer clean, double sigma, ulong seed) => GaussianNoise.Corrupt(clean, sigma, seed);
}
