using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Samples;

namespace Grainy.Core.Tests.Samples;

public sealed class SampleSetsTests
{
    [Theory]
    [InlineData("stars", 24, 512, 384, 1)]
    [InlineData("cells", 3, 512, 512, 1)]
    [InlineData("photo", 1, 768, 512, 3)]
    public void Set_should_be_complete_and_the_same_for_the_same_seed(string kind, int count, int width, int height, int channels)
    {
        var images = SampleSets.Generate(kind, 5).ToList();

        images.Count.ShouldBe(count);
        images.Select(image => image.Name).Distinct().Count().ShouldBe(count);
        images.ShouldAllBe(image => image.Name.EndsWith(ImageWriter.Extension(image.Format)));
        images.ShouldAllBe(image => image.Image.Width == width && image.Image.Height == height && image.Image.Channels == channels);
        images.ShouldAllBe(image => image.Reference!.HasSizeOf(image.Image) && image.Reference.Planes.All(value => value >= 0 && value <= 1));
        SampleSets.Generate(kind, 5).First().Image.Planes.ShouldBe(images[0].Image.Planes);
        SampleSets.Generate(kind, 6).First().Reference!.Planes.ShouldNotBe(images[0].Reference!.Planes);
    }

    [Fact]
    public void Frames_of_the_night_sky_should_share_one_scene_and_have_noise_of_their_own()
    {
        var frames = SampleSets.Generate("stars", 1).Take(2).ToList();

        frames[1].Reference.ShouldBeSameAs(frames[0].Reference);
        frames[1].Image.Planes.ShouldNotBe(frames[0].Image.Planes);

        // Most pixels are sky: 160 to 400 electrons with their own noise and 9 of the electronics, of 20,000.
        (NoiseEstimator.Estimate(frames[0].Image).Sigma * 20_000).ShouldBeInRange(14, 20);
        NoiseEstimator.Estimate(frames[0].Image).Sigma.ShouldBeGreaterThan(5 * NoiseEstimator.Estimate(frames[0].Reference!).Sigma);
        var noise = ImageFixtures.MeanSquaredError(frames[0].Image, frames[1].Image);
        var error = ImageFixtures.MeanSquaredError(frames[0].Image, frames[0].Reference!);
        noise.ShouldBe(2 * error, 0.2 * error, "two frames differ by twice the variance of one");
    }

    [Fact]
    public void Exposures_should_keep_the_mean_of_the_light()
    {
        var frames = SampleSets.Generate("stars", 2).Take(6).ToList();
        var reference = frames[0].Reference!;

        var mean = frames.Average(frame => frame.Image.Planes.Average(value => (double)value));

        // The mean over six frames of 196,608 pixels has a standard error of about 1e-6; brighter stars than the sensor holds are cut at 1 in both.
        mean.ShouldBe(reference.Planes.Average(value => (double)value), 1e-5);
    }

    [Fact]
    public void Landscape_should_have_the_noise_that_its_description_says()
    {
        var image = SampleSets.Generate("photo", 1).Single();

        ImageFixtures.PeakSignalToNoise(image.Image, image.Reference!).ShouldBe(20 * Math.Log10(255 / 25.0), 0.05);
        image.Format.ShouldBe(OutputFormat.Tiff32F);
        DisplayRange.Of(image.Image).ShouldBe((0, 1));
    }

    [Fact]
    public void Box_should_be_two_independent_renders_of_one_scene_and_a_better_reference()
    {
        var images = SampleSets.Generate("box", 1).ToList();

        images.Select(image => image.Name).ShouldBe(["box-a.tif", "box-b.tif"]);
        var (a, b, reference) = (images[0].Image, images[1].Image, images[0].Reference!);
        reference.ShouldBeSameAs(images[1].Reference);
        (reference.Width, reference.Height, reference.Channels).ShouldBe((256, 256, 3));
        reference.Planes.ShouldAllBe(value => float.IsFinite(value) && value >= 0);
        ((double)reference.Planes.Average()).ShouldBeInRange(0.15, 0.5);

        // Variances add: a against b has that of two renders, a against the reference that of one and a ninth; the ratio is 1.8, and up to 2 where the
        // reference's finer strata serve better. Renders that share their random numbers would be far below.
        var pair = ImageFixtures.MeanSquaredError(a, b);
        var single = ImageFixtures.MeanSquaredError(a, reference);
        (pair / single).ShouldBeInRange(1.6, 2.1);
        ((double)a.Planes.Average()).ShouldBe(reference.Planes.Average(), 0.005);
        ((double)b.Planes.Average()).ShouldBe(reference.Planes.Average(), 0.005);
    }

    [Fact]
    public void Images_should_be_made_when_they_are_asked_for() =>
        SampleSets.Generate("cells", 1).First().Name.ShouldBe("cells-1.tif");

    [Fact]
    public void Unknown_set_should_be_refused_at_once() =>
        Should.Throw<ArgumentException>(() => SampleSets.Generate("kittens", 1))
            .Message.ShouldStartWith("There is no sample set 'kittens'; there are stars, cells, box, photo.");

    [Fact]
    public void Every_set_should_be_listed_once_and_have_images() =>
        SampleSets.All.Select(set => set.Kind).ShouldBe(["stars", "cells", "box", "photo"]);
}
