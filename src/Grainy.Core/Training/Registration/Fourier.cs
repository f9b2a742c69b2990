using System.Numerics;

namespace Grainy.Core.Training.Registration;

/// <summary>Discrete Fourier transforms of squares whose side is a power of two.</summary>
internal static class Fourier
{
    /// <summary>Transforms a square in place, without a factor.</summary>
    /// <param name="values">Row after row.</param>
    /// <param name="side">A power of two.</param>
    public static void Transform(Complex[] values, int side)
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
