using System.Numerics;

namespace Grainy.Core.Images;

/// <summary>Changes an image's size: the mean over each new pixel's area when it shrinks, bilinear when it grows.</summary>
public static class Resize
{
    /// <summary>Scales so that the longer side has <paramref name="side"/> pixels; the other one is rounded, at least 1.</summary>
    public static ImageBuffer ToLongerSide(ImageBuffer image, int side)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var longer = Math.Max(image.Width, image.Height);
        return To(image, Scaled(image.Width), Scaled(image.Height));

        int Scaled(int length) => Math.Max(1, (int)Math.Round((double)length * side / longer, MidpointRounding.AwayFromZero));
    }

    /// <summary>Scales to exactly <paramref name="width"/> × <paramref name="height"/> pixels; the same object where nothing changes.</summary>
    public static ImageBuffer To(ImageBuffer image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((width, height) == (image.Width, image.Height))
        {
            return image;
        }

        var columns = Taps.Between(image.Width, width);
        var rows = Taps.Between(image.Height, height);
        var planes = new float[image.Channels * width * height];
        var line = new float[image.Width];
        for (var c = 0; c < image.Channels; c++)
        {
            var source = image.Plane(c);
            for (var y = 0; y < height; y++)
            {
                Array.Clear(line);
                var (first, weights) = rows[y];
                for (var i = 0; i < weights.Length; i++)
                {
                    AddScaled(source.Slice((first + i) * image.Width, image.Width), weights[i], line);
                }

                var target = planes.AsSpan(((c * height) + y) * width, width);
                for (var x = 0; x < width; x++)
                {
                    var (from, shares) = columns[x];
                    var sum = 0f;
                    for (var i = 0; i < shares.Length; i++)
                    {
                        sum += line[from + i] * shares[i];
                    }

                    target[x] = sum;
                }
            }
        }

        return new ImageBuffer(image.Channels, height, width, planes);
    }

    private static void AddScaled(ReadOnlySpan<float> source, float weight, Span<float> sum)
    {
        var i = 0;
        for (; i <= source.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(sum[i..]) + (new Vector<float>(source[i..]) * weight)).CopyTo(sum[i..]);
        }

        for (; i < source.Length; i++)
        {
            sum[i] += source[i] * weight;
        }
    }

    /// <summary>Which input samples make one output sample, and with which weights (they sum to 1).</summary>
    private readonly record struct Taps(int First, float[] Weights)
    {
        public static Taps[] Between(int from, int to) =>
            [.. Enumerable.Range(0, to).Select(i => to < from ? Area(i, from, to) : Linear(i, from, to))];

        private static Taps Area(int i, int from, int to)
        {
            double scale = (double)from / to, begin = i * scale, end = begin + scale;
            var first = (int)begin;
            var last = Math.Min(from, (int)Math.Ceiling(end - 1e-9));
            var weights = new float[last - first];
            for (var j = first; j < last; j++)
            {
                weights[j - first] = (float)((Math.Min(end, j + 1) - Math.Max(begin, j)) / scale);
            }

            return new Taps(first, weights);
        }

        // Pixel centres at half coordinates; beyond the outermost centres the edge is repeated.
        private static Taps Linear(int i, int from, int to)
        {
            var position = Math.Clamp(((i + 0.5) * from / to) - 0.5, 0, from - 1);
            var first = Math.Min((int)position, Math.Max(0, from - 2));
            var share = (float)(position - first);
            return from == 1 ? new Taps(0, [1f]) : new Taps(first, [1 - share, share]);
        }
    }
}
