using System.Numerics;
using Grainy.Core.Images;

namespace Grainy.Core.Noise;

/// <summary>
/// Estimates by principal components of patches (Chen, Zhu, Heng, ICCV 2015): patches of clean images lie near a low-dimensional space, so the smaller
/// eigenvalues of their covariance are the noise variance alone. Of the values sorted downwards, the largest are cut off until mean and median of the rest
/// agree.
/// </summary>
internal static class PatchNoise
{
    private const int Side = 8;
    private const int Dimension = Side * Side;
    private const int MostPatches = 60_000;

    /// <summary>Patches that a covariance of 64 dimensions needs at least.</summary>
    public const int LeastPatches = 1_500;

    /// <summary>The standard deviation of the noise in one channel.</summary>
    /// <param name="usable">True where a sample counts; a patch counts when all of its samples do. Null: all.</param>
    /// <returns>Null where fewer than <see cref="LeastPatches"/> patches count.</returns>
    public static double? Estimate(ImageBuffer image, int channel, bool[]? usable)
    {
        var corners = Corners(image, usable);
        if (corners.Count < LeastPatches)
        {
            return null;
        }

        var values = SymmetricEigen.Values(Covariance(image.Plane(channel), image.Width, corners), Dimension);
        return Math.Sqrt(Math.Max(0, NoiseVariance(values)));
    }

    /// <summary>Cuts off the largest of the descending <paramref name="values"/> until the mean of the rest is not above their median.</summary>
    internal static double NoiseVariance(double[] values)
    {
        var sum = values.Sum();
        for (var i = 0; i < values.Length; i++)
        {
            var count = values.Length - i;
            var median = (values[i + ((count - 1) / 2)] + values[i + (count / 2)]) / 2;
            if (sum / count <= median)
            {
                return sum / count;
            }

            sum -= values[i];
        }

        return values[^1];
    }

    // Evenly over the image, at most MostPatches.
    private static List<int> Corners(ImageBuffer image, bool[]? usable)
    {
        var (across, down) = (image.Width - Side + 1, image.Height - Side + 1);
        if (across < 1 || down < 1)
        {
            return [];
        }

        var all = new List<int>();
        var bad = usable is null ? null : BadCounts(usable, image.Width, image.Height);
        for (var y = 0; y < down; y++)
        {
            for (var x = 0; x < across; x++)
            {
                if (bad is null || BadIn(bad, image.Width, x, y) == 0)
                {
                    all.Add((y * image.Width) + x);
                }
            }
        }

        var step = (double)all.Count / MostPatches;
        return step <= 1 ? all : [.. Enumerable.Range(0, MostPatches).Select(i => all[(int)(i * step)])];
    }

    // Summed-area table of the samples that do not count, one row and column larger than the image.
    private static int[] BadCounts(bool[] usable, int width, int height)
    {
        var sums = new int[(width + 1) * (height + 1)];
        for (var y = 0; y < height; y++)
        {
            var row = 0;
            for (var x = 0; x < width; x++)
            {
                row += usable[(y * width) + x] ? 0 : 1;
                sums[((y + 1) * (width + 1)) + x + 1] = sums[(y * (width + 1)) + x + 1] + row;
            }
        }

        return sums;
    }

    private static int BadIn(int[] sums, int width, int x, int y)
    {
        var stride = width + 1;
        return sums[((y + Side) * stride) + x + Side] - sums[(y * stride) + x + Side] - sums[((y + Side) * stride) + x] + sums[(y * stride) + x];
    }

    // Sums in float over blocks of patches (SIMD), in double over the blocks. The plane's mean is taken off first, so that large offsets cost no digits.
    private static double[] Covariance(ReadOnlySpan<float> plane, int width, List<int> corners)
    {
        const int block = 256;
        var offset = 0.0;
        foreach (var sample in plane)
        {
            offset += sample;
        }

        var shift = (float)(offset / plane.Length);
        var totals = new double[Dimension * Dimension];
        var means = new double[Dimension];
        var patch = new float[Dimension];
        var sums = new float[Dimension * Dimension];
        for (var start = 0; start < corners.Count; start += block)
        {
            Array.Clear(sums);
            foreach (var corner in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(corners)[start..Math.Min(corners.Count, start + block)])
            {
                for (var row = 0; row < Side; row++)
                {
                    for (var column = 0; column < Side; column++)
                    {
                        patch[(row * Side) + column] = plane[corner + (row * width) + column] - shift;
                    }
                }

                AddOuterProduct(patch, sums);
                for (var i = 0; i < Dimension; i++)
                {
                    means[i] += patch[i];
                }
            }

            for (var i = 0; i < totals.Length; i++)
            {
                totals[i] += sums[i];
            }
        }

        for (var i = 0; i < Dimension; i++)
        {
            for (var j = i; j < Dimension; j++)
            {
                // Rows were summed from the diagonal's vector on: the upper triangle is complete.
                var value = (totals[(i * Dimension) + j] - (means[i] * means[j] / corners.Count)) / (corners.Count - 1);
                totals[(i * Dimension) + j] = value;
            }
        }

        for (var i = 0; i < Dimension; i++)
        {
            for (var j = 0; j < i; j++)
            {
                totals[(i * Dimension) + j] = totals[(j * Dimension) + i];
            }
        }

        return totals;
    }

    private static void AddOuterProduct(float[] patch, float[] sums)
    {
        for (var i = 0; i < Dimension; i++)
        {
            var factor = new Vector<float>(patch[i]);
            var row = sums.AsSpan(i * Dimension, Dimension);
            for (var j = i - (i % Vector<float>.Count); j < Dimension; j += Vector<float>.Count)
            {
                (new Vector<float>(row[j..]) + (factor * new Vector<float>(patch, j))).CopyTo(row[j..]);
            }
        }
    }
}
