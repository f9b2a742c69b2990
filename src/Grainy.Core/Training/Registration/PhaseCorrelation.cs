using System.Numerics;

namespace Grainy.Core.Training.Registration;

/// <summary>
/// Whole-pixel shift between two planes by phase correlation (Kuglin, Hines 1975): the cross-power spectrum, each frequency at equal weight under a Gaussian that
/// leaves out the high ones, where noise outweighs structure.
/// </summary>
internal static class PhaseCorrelation
{
    private const double Cutoff = 0.08; // cycles per pixel at which the weight has fallen to exp(−½)

    /// <summary>The place of <paramref name="first"/>'s content in <paramref name="second"/>, which has the same size.</summary>
    public static (int Down, int Right) Shift(Plane first, Plane second)
    {
        var side = 1 << BitOperations.Log2((uint)Math.Min(first.Height, first.Width));
        var (a, b) = (Spectrum(first, side), Spectrum(second, side));
        for (var i = 0; i < a.Length; i++)
        {
            var cross = b[i] * Complex.Conjugate(a[i]);
            var (y, x) = (Frequency(i / side, side), Frequency(i % side, side));
            var size = cross.Magnitude;
            a[i] = size > 0 ? cross / size * Math.Exp(-((x * x) + (y * y)) / (2 * Cutoff * Cutoff)) : 0;
        }

        a[0] = 0;
        Transform(a, side);
        // The transform of the transform runs backwards, so the peak is mirrored.
        var peak = 0;
        for (var i = 1; i < a.Length; i++)
        {
            peak = a[i].Real > a[peak].Real ? i : peak;
        }

        return (Signed((side - (peak / side)) % side, side), Signed((side - (peak % side)) % side, side));
    }

    private static double Frequency(int index, int side) => Signed(index, side) / (double)side;

    private static int Signed(int index, int side) => index < side / 2 ? index : index - side;

    // The square in the middle, its mean removed, faded out towards its edges by a Hann window.
    private static Complex[] Spectrum(Plane plane, int side)
    {
        var part = plane.Part((plane.Height - side) / 2, (plane.Width - side) / 2, side, side);
        var mean = part.Values.Average();
        var window = Enumerable.Range(0, side).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / side))).ToArray();
        var values = new Complex[side * side];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (part.Values[i] - mean) * window[i / side] * window[i % side];
        }

        Transform(values, side);
        return values;
    }

    private static void Transform(Complex[] values, int side)
    {
        var line = new Complex[side];
        for (var row = 0; row < side; row++)
        {
            Transform(values.AsSpan(row * side, side));
        }

        for (var column = 0; column < side; column++)
        {
            for (var row = 0; row < side; row++)
            {
                line[row] = values[(row * side) + column];
            }

            Transform(line);
            for (var row = 0; row < side; row++)
            {
                values[(row * side) + column] = line[row];
            }
        }
    }

    // Cooley, Tukey 1965: radix 2, in place.
    private static void Transform(Span<Complex> line)
    {
        var bits = BitOperations.Log2((uint)line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            var mirrored = 0;
            for (var bit = 0; bit < bits; bit++)
            {
                mirrored |= ((i >> bit) & 1) << (bits - 1 - bit);
            }

            if (mirrored > i)
            {
                (line[i], line[mirrored]) = (line[mirrored], line[i]);
            }
        }

        for (var length = 2; length <= line.Length; length *= 2)
        {
            var turn = Complex.FromPolarCoordinates(1, -2 * Math.PI / length);
            for (var start = 0; start < line.Length; start += length)
            {
                var factor = Complex.One;
                for (var i = start; i < start + (length / 2); i++)
                {
                    var (even, odd) = (line[i], line[i + (length / 2)] * factor);
                    (line[i], line[i + (length / 2)]) = (even + odd, even - odd);
                    factor *= turn;
                }
            }
        }
    }
}
