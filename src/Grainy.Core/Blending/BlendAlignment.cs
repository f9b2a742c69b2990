using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Training.Registration;

namespace Grainy.Core.Blending;

/// <summary>Makes images comparable that differ in size or are shifted against each other. Nothing is done unasked, and all that is done is said.</summary>
public static class BlendAlignment
{
    private const int SmallestSide = 32;

    /// <summary>What stands between these images and a blend.</summary>
    /// <param name="images">Two to eight.</param>
    public static BlendAlignmentReport Examine(IReadOnlyList<ImageBuffer> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var sizes = images.Select(image => (image.Width, image.Height)).ToArray();
        var same = sizes.Distinct().Count() == 1;
        var measurable = same && sizes[0].Width >= PairRegistration.SmallestSide && sizes[0].Height >= PairRegistration.SmallestSide;
        var shifts = measurable ? images.Skip(1).Select(image => PairRegistration.Measure(images[0].ToRgb(), image.ToRgb())).ToArray() : [];
        return new BlendAlignmentReport(sizes, same, shifts);
    }

    /// <summary>The middle of each image, at the largest size that all have.</summary>
    public static AlignedImages Crop(IReadOnlyList<ImageBuffer> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (width, height) = (images.Min(image => image.Width), images.Min(image => image.Height));
        var words = new List<string>();
        var result = images.Select((image, i) =>
        {
            if ((image.Width, image.Height) == (width, height))
            {
                return image;
            }

            words.Add($"Image {i + 1} cropped from {image.Width} × {image.Height} to its middle {width} × {height}.");
            return Part(image, (image.Width - width) / 2, (image.Height - height) / 2, width, height);
        }).ToArray();
        return new AlignedImages(result, words.Count > 0 ? words : ["All images have the same size; nothing was cropped."]);
    }

    /// <summary>
    /// All images scaled to cover the size of the first, keeping their proportions, and cropped to it.
    /// </summary>
    public static AlignedImages Fit(IReadOnlyList<ImageBuffer> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (width, height) = (images[0].Width, images[0].Height);
        var words = new List<string>();
        var result = images.Select((image, i) =>
        {
            if ((image.Width, image.Height) == (width, height))
            {
                return image;
            }

            var scale = Math.Max((double)width / image.Width, (double)height / image.Height);
            var (scaledWidth, scaledHeight) = (Math.Max(width, (int)Math.Round(image.Width * scale)), Math.Max(height, (int)Math.Round(image.Height * scale)));
            var cut = (scaledWidth, scaledHeight) == (width, height) ? "" : $", and its middle {width} × {height} taken";
            words.Add(FormattableString.Invariant($"Image {i + 1} scaled by {scale:0.###} from {image.Width} × {image.Height} to {scaledWidth} × {scaledHeight}{cut}."));
            return Part(Resize.To(image, scaledWidth, scaledHeight), (scaledWidth - width) / 2, (scaledHeight - height) / 2, width, height);
        }).ToArray();
        return new AlignedImages(result, words.Count > 0 ? words : ["All images have the size of the first; nothing was scaled."]);
    }

    /// <summary>
    /// Images of one size moved by whole pixels so that they lie over the first, and all cropped to what every one of them shows. Images that show something else, or
    /// whose shift cannot be told, stay where they are.
    /// </summary>
    /// <exception cref="MetricInputException">The sizes differ, or too little is left.</exception>
    public static AlignedImages Align(IReadOnlyList<ImageBuffer> images)
    {
        var report = Examine(images);
        if (!report.SameSize || report.Shifts.Count == 0)
        {
            throw new MetricInputException(report.SameSize ? "The images are too small to be aligned." : "Images of different sizes cannot be aligned: crop or fit them first.");
        }

        var words = new List<string>();
        var moves = new List<(int Right, int Down)> { (0, 0) };
        foreach (var (shift, i) in report.Shifts.Select((shift, i) => (shift, i + 2)))
        {
            var move = ((int)Math.Round(shift.ShiftX), (int)Math.Round(shift.ShiftY));
            var moved = shift is { IsShifted: true, ShowsAnotherScene: false } && move != (0, 0);
            moves.Add(moved ? move : (0, 0));
            words.Add(shift.ShowsAnotherScene
                ? $"Image {i} shows something else than image 1 and stays where it is."
                : moved
                ? $"Image {i} lies {BlendAlignmentReport.Way(shift)}; moved back by {Math.Abs(move.Item1)} and {Math.Abs(move.Item2)} whole pixels."
                : $"Image {i} lies as image 1 does.");
        }

        var (left, top) = (Math.Max(0, -moves.Min(move => move.Right)), Math.Max(0, -moves.Min(move => move.Down)));
        var (width, height) = (images[0].Width - left - Math.Max(0, moves.Max(move => move.Right)), images[0].Height - top - Math.Max(0, moves.Max(move => move.Down)));
        if (Math.Min(width, height) < SmallestSide)
        {
            throw new MetricInputException($"Aligned, the images have only {Math.Max(0, width)} × {Math.Max(0, height)} pixels in common: choose others, or crop them.");
        }

        if ((width, height) != (images[0].Width, images[0].Height))
        {
            words.Add($"All cropped to the {width} × {height} pixels that they have in common.");
        }

        return new AlignedImages([.. images.Zip(moves, (image, move) => Part(image, left + move.Right, top + move.Down, width, height))], words);
    }

    private static ImageBuffer Part(ImageBuffer image, int left, int top, int width, int height)
    {
        if ((width, height) == (image.Width, image.Height))
        {
            return image;
        }

        var planes = new float[image.Channels * width * height];
        for (var row = 0; row < image.Channels * height; row++)
        {
            var (channel, y) = Math.DivRem(row, height);
            image.Plane(channel).Slice(((top + y) * image.Width) + left, width).CopyTo(planes.AsSpan(row * width));
        }

        return new ImageBuffer(image.Channels, height, width, planes);
    }
}
