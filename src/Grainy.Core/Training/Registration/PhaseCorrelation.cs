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
        Fourier.Transform(a, side);
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

        Fourier.Transform(values, side);
        return values;
    }
}
