using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Metrics;

namespace Grainy.Core.Tests.Blending;

public sealed class BlendAlignmentTests
{
    private static readonly ImageBuffer Scene = GrainStatisticsTests.Noise(5, 0.15, 140, 150);

    [Fact]
    public void Align_should_lay_shifted_images_over_each_other_and_say_what_it_did()
    {
        var (a, b) = (Blurred(0, 0), Blurred(6, -3));

        var report = BlendAlignment.Examine([a, b]);
        report.IsShifted.ShouldBeTrue();
        report.Words.ShouldHaveSingleItem().ShouldStartWith("Image 2 shows the scene of image 1 shifted by 6.0 pixels to the right and 3.0 up");

        var aligned = BlendAlignment.Align([a, b]);
        aligned.Images.ShouldAllBe(image => image.Width == 128 - 6 && image.Height == 128 - 3);
        ImageFixtures.MeanSquaredError(aligned.Images[0], aligned.Images[1]).ShouldBeLessThan(1e-10);
        aligned.Words[0].ShouldBe("Image 2 lies 6.0 pixels to the right and 3.0 up; moved back by 6 and 3 whole pixels.");
    }

    [Fact]
    public void Crop_and_Fit_should_make_images_of_different_sizes_comparable()
    {
        ImageBuffer[] images = [ImageFixtures.Waves(3, 80, 100), ImageFixtures.Waves(3, 120, 90)];
        BlendAlignment.Examine(images).Words.ShouldHaveSingleItem().ShouldContain("100 × 80, 90 × 120");

        var cropped = BlendAlignment.Crop(images);
        cropped.Images.Select(image => (image.Width, image.Height)).ShouldBe([(90, 80), (90, 80)]);
        cropped.Words.ShouldBe(["Image 1 cropped from 100 × 80 to its middle 90 × 80.", "Image 2 cropped from 90 × 120 to its middle 90 × 80."]);
        cropped.Images[0].Plane(0)[0].ShouldBe(images[0].Plane(0)[5]);

        var fitted = BlendAlignment.Fit(images);
        fitted.Images.ShouldAllBe(image => image.Width == 100 && image.Height == 80);
        fitted.Words.ShouldBe(["Image 2 scaled by 1.111 from 90 × 120 to 100 × 133, and its middle 100 × 80 taken."]);
        Should.Throw<MetricInputException>(() => BlendAlignment.Align(images)).Message.ShouldBe("Images of different sizes cannot be aligned: crop or fit them first.");
    }

    [Fact]
    public void Align_should_leave_an_image_of_something_else_where_it_is()
    {
        var other = ImageFixtures.Waves(3, 128, 128);

        var aligned = BlendAlignment.Align([Blurred(0, 0), other]);

        aligned.Images[1].Planes.ShouldBe(other.Planes);
        aligned.Words.ShouldHaveSingleItem().ShouldBe("Image 2 shows something else than image 1 and stays where it is.");
    }

    // A part of the scene whose content lies further right and down.
    private static ImageBuffer Blurred(int right, int down) => ImageFixtures.Make(3, 128, 128, (c, y, x) =>
    {
        var sum = 0.0;
        for (var i = 0; i < 9; i++)
        {
            sum += Scene.Plane(c)[((y + 5 - down + (i / 3)) * Scene.Width) + x + 10 - right + (i % 3)];
        }

        return sum / 9;
    });
}
