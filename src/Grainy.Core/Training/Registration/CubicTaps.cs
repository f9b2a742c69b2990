using Grainy.Core.Images;

namespace Grainy.Core.Training.Registration;

/// <summary>Interpolation between samples by cubic convolution (Keys 1981, a = −½) at a fixed distance.</summary>
/// <param name="First">Place of the first tap relative to the sample.</param>
/// <param name="Weights">One for a whole number of samples, else four.</param>
internal readonly record struct CubicTaps(int First, double[] Weights)
{
    /// <summary>True when no interpolation is needed.</summary>
    public bool IsWhole => Weights.Length == 1;

    /// <summary>For a place <paramref name="shift"/> samples further on.</summary>
    public static CubicTaps Of(double shift)
    {
        var whole = (int)Math.Floor(shift);
        var t = shift - whole;
        return t == 0
            ? new(whole, [1])
            : new(whole - 1,
            [
                t * ((t * (1 - (0.5 * t))) - 0.5),
                1 + (t * t * ((1.5 * t) - 2.5)),
                t * (0.5 + (t * (2 - (1.5 * t)))),
                0.5 * t * t * (t - 1),
            ]);
    }

    /// <summary>The value of a plane near (row, column), reflected at its borders.</summary>
    public static double Sample(ReadOnlySpan<float> plane, int height, int width, int row, int column, CubicTaps rows, CubicTaps columns)
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Weights.Length; i++)
        {
            var line = plane.Slice(Mirror.Index(row + rows.First + i, height) * width, width);
            var across = 0.0;
            for (var k = 0; k < columns.Weights.Length; k++)
            {
                across += columns.Weights[k] * line[Mirror.Index(column + columns.First + k, width)];
            }

            sum += rows.Weights[i] * across;
        }

        return sum;
    }
}
