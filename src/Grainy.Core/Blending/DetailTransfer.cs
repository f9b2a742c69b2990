using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>
/// Brings a frame from its working size to the full size: what the full-size images have beyond the working size is added, place by place mostly from the image
/// that the frame is like there. A mean of the details of all images would show them all as ghosts.
/// </summary>
internal static class DetailTransfer
{
    private const int Radius = 3;

    // Mean squared difference per sample at which a place counts as unlike: (8 / 255)².
    private const double Unlike = 0.001;

    /// <summary>The frame at full size.</summary>
    /// <param name="working">RGB at the working size.</param>
    /// <param name="full">The images at full size.</param>
    /// <param name="weights">Of the frame, one per image: where the frame is like several, they decide.</param>
    public static ImageBuffer Enlarge(ImageBuffer working, IReadOnlyList<ImageBuffer> full, IReadOnlyList<double> weights)
    {
        var (width, height) = (full[0].Width, full[0].Height);
        var small = full.Select(image => Resize.To(image, working.Width, working.Height)).ToArray();
        var shares = Shares(working, small, weights).Select(share => Resize.To(share, width, height).Planes).ToArray();
        var planes = (float[])Resize.To(working, width, height).Planes.Clone();
        var pixels = width * height;
        for (var image = 0; image < full.Count; image++)
        {
            var (fine, smooth) = (full[image].Planes, Resize.To(small[image], width, height).Planes);
            for (var i = 0; i < planes.Length; i++)
            {
                planes[i] += shares[image][i % pixels] * (fine[i] - smooth[i]);
            }
        }

        return new ImageBuffer(3, height, width, Array.ConvertAll(planes, value => Math.Clamp(value, 0, 1)));
    }

    // Per image one grey plane; they sum to 1 at every place.
    private static ImageBuffer[] Shares(ImageBuffer working, ImageBuffer[] images, IReadOnlyList<double> weights)
    {
        var differences = images.Select(image => LocalDifference(working, image)).ToArray();
        var shares = images.Select(_ => new float[working.Width * working.Height]).ToArray();
        for (var i = 0; i < shares[0].Length; i++)
        {
            var (least, sum) = (differences.Min(difference => difference[i]), 0.0);
            for (var image = 0; image < images.Length; image++)
            {
                sum += shares[image][i] = (float)(weights[image] * Math.Exp(-(differences[image][i] - least) / Unlike));
            }

            for (var image = 0; image < images.Length; image++)
            {
                // An image without weight may be the only like one; then all details are left out.
                shares[image][i] = sum > 1e-6 ? (float)(shares[image][i] / sum) : 0;
            }
        }

        return [.. shares.Select(share => new ImageBuffer(1, working.Height, working.Width, share))];
    }

    // Mean squared difference over windows of 7 × 7 and the channels.
    private static double[] LocalDifference(ImageBuffer a, ImageBuffer b)
    {
        var (width, height, pixels) = (a.Width, a.Height, a.Width * a.Height);
        var squares = new double[pixels];
        for (var i = 0; i < a.Planes.Length; i++)
        {
            var difference = a.Planes[i] - b.Planes[i];
            squares[i % pixels] += difference * difference / 3;
        }

        var rows = new double[pixels];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                rows[(y * width) + x] = Mean(x, width, at => squares[(y * width) + at]);
            }
        }

        var result = new double[pixels];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                result[(y * width) + x] = Mean(y, height, at => rows[(at * width) + x]);
            }
        }

        return result;
    }

    private static double Mean(int at, int length, Func<int, double> value)
    {
        var (from, to, sum) = (Math.Max(0, at - Radius), Math.Min(length - 1, at + Radius), 0.0);
        for (var i = from; i <= to; i++)
        {
            sum += value(i);
        }

        return sum / (to - from + 1);
    }
}
