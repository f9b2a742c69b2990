using System.Numerics;
using Grainy.Core.Images;
using Grainy.Core.Training.Registration;

namespace Grainy.Core.Blending;

/// <summary>How much an image varies, and at which frequencies: the measure of its grain.</summary>
/// <remarks>
/// Welch's method (1967): squares with a Hann window that overlap by half, the mean of each removed, power averaged over squares, channels and directions.
/// </remarks>
/// <param name="Variance">Mean over the channels of the variance within the squares, of samples in [0, 1]; structure larger than a square is left out.</param>
/// <param name="FineVariance">The part of it from frequencies of at least a quarter of the sampling rate: the upper half of the spectrum, where grain lives.</param>
/// <param name="Frequencies">Middle of each ring, in cycles per pixel, from near 0 to √½ (the corners of the spectrum).</param>
/// <param name="Power">Mean power density in each ring; all frequencies together add up to <paramref name="Variance"/>.</param>
public sealed record GrainStatistics(double Variance, double FineVariance, IReadOnlyList<double> Frequencies, IReadOnlyList<double> Power)
{
    private const int Rings = 45;
    private const double RingWidth = 1.0 / 64;
    private const double FineFrequency = 0.25;
    private const int LargestSquare = 128;

    /// <summary>The smallest width and height that are accepted, in pixels.</summary>
    public const int SmallestSide = 32;

    /// <summary><see cref="FineVariance"/> over <see cref="Variance"/>, in [0, 1].</summary>
    public double FineShare => Variance > 0 ? FineVariance / Variance : 0;

    /// <summary>Of an image.</summary>
    /// <param name="image">At least 32 × 32 pixels.</param>
    /// <exception cref="ArgumentException">It is smaller.</exception>
    public static GrainStatistics Of(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var shorter = Math.Min(image.Width, image.Height);
        if (shorter < SmallestSide)
        {
            throw new ArgumentException($"Grain is measured on at least {SmallestSide} × {SmallestSide} pixels, the image has {image.Width} × {image.Height}.", nameof(image));
        }

        var side = Math.Min(LargestSquare, 1 << BitOperations.Log2((uint)shorter));
        var power = new double[side * side];
        var squares = 0;
        foreach (var (channel, top, left) in Squares(image, side))
        {
            Add(image, channel, top, left, side, power);
            squares++;
        }

        return Summed(power, side, squares);
    }

    private static IEnumerable<(int Channel, int Top, int Left)> Squares(ImageBuffer image, int side)
    {
        for (var channel = 0; channel < image.Channels; channel++)
        {
            foreach (var top in Places(image.Height, side))
            {
                foreach (var left in Places(image.Width, side))
                {
                    yield return (channel, top, left);
                }
            }
        }
    }

    // Spread evenly, so that all of the image counts.
    private static IEnumerable<int> Places(int length, int side)
    {
        var count = ((length - side + (side / 2) - 1) / (side / 2)) + 1;
        return Enumerable.Range(0, count).Select(i => count == 1 ? 0 : (int)Math.Round(i * (length - side) / (count - 1.0)));
    }

    private static void Add(ImageBuffer image, int channel, int top, int left, int side, double[] power)
    {
        var plane = image.Plane(channel);
        var mean = 0.0;
        for (var y = 0; y < side; y++)
        {
            foreach (var sample in plane.Slice(((top + y) * image.Width) + left, side))
            {
                mean += sample / ((double)side * side);
            }
        }

        var values = new Complex[side * side];
        var (window, total) = (Window(side), 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var (y, x) = Math.DivRem(i, side);
            var weight = window[y] * window[x];
            total += weight * weight;
            values[i] = (plane[((top + y) * image.Width) + left + x] - mean) * weight;
        }

        Fourier.Transform(values, side);
        for (var i = 0; i < values.Length; i++)
        {
            power[i] += ((values[i].Real * values[i].Real) + (values[i].Imaginary * values[i].Imaginary)) / total / values.Length;
        }
    }

    private static double[] Window(int side) => [.. Enumerable.Range(0, side).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / side)))];

    private static GrainStatistics Summed(double[] power, int side, int squares)
    {
        var (sums, counts) = (new double[Rings + 1], new int[Rings + 1]);
        double variance = 0, fine = 0;
        // What is left at frequency 0 is the window's, not the image's.
        for (var i = 1; i < power.Length; i++)
        {
            var (y, x) = Math.DivRem(i, side);
            var frequency = Math.Sqrt((Signed(y) * Signed(y)) + (Signed(x) * Signed(x)));
            var ring = Math.Min(Rings, (int)(frequency / RingWidth));
            var value = power[i] / squares;
            sums[ring] += value;
            counts[ring]++;
            variance += value;
            fine += frequency >= FineFrequency ? value : 0;
        }

        var filled = Enumerable.Range(0, Rings + 1).Where(ring => counts[ring] > 0).ToArray();
        return new GrainStatistics(
            variance, fine, [.. filled.Select(ring => (ring + 0.5) * RingWidth)], [.. filled.Select(ring => sums[ring] / counts[ring])]);

        double Signed(int index) => (index < side / 2 ? index : index - side) / (double)side;
    }
}
