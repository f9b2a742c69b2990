namespace Grainy.Core.Noise;

/// <summary>
/// A surface of second degree fitted to a square of samples, and what that takes away from white noise: of variance 1 it leaves δᵢⱼ − hᵢⱼ between samples i and
/// j, with h = Σₖ φₖ(i)·φₖ(j) over the orthonormal surfaces φₖ.
/// </summary>
internal sealed class FitLeverage
{
    private const int Across = (2 * Autocorrelation.Range) + 1;

    private readonly int _side;
    private readonly double[][] _surfaces;
    private readonly double[] _means;

    /// <param name="side">Of the square, in pixels.</param>
    public FitLeverage(int side)
    {
        _side = side;
        var middle = (side - 1) / 2.0;
        var mean = ((side * side) - 1) / 12.0; // of x² over the square, coordinates from the middle
        Func<double, double, double>[] shapes = [(_, _) => 1, (x, _) => x, (_, y) => y, (x, y) => x * y, (x, _) => (x * x) - mean, (_, y) => (y * y) - mean];
        _surfaces = [.. shapes.Select(shape => Normalised([.. Enumerable.Range(0, side * side).Select(i => shape((i % side) - middle, (i / side) - middle))]))];
        _means = [.. Enumerable.Range(0, Across * (Autocorrelation.Range + 1)).Select(i => Mean((i % Across) - Autocorrelation.Range, i / Across))];
    }

    /// <summary>Mean of h over all pairs of samples at a lag within <see cref="Autocorrelation.Range"/>.</summary>
    /// <param name="dx">Columns to the right, may be negative.</param>
    /// <param name="dy">Rows down, 0 or more.</param>
    public double At(int dx, int dy) => _means[(dy * Across) + dx + Autocorrelation.Range];

    private double Mean(int dx, int dy)
    {
        var (sum, pairs) = (0.0, 0);
        for (var y = 0; y < _side - dy; y++)
        {
            for (var x = Math.Max(0, -dx); x < _side - Math.Max(0, dx); x++)
            {
                sum += _surfaces.Sum(surface => surface[(y * _side) + x] * surface[((y + dy) * _side) + x + dx]);
                pairs++;
            }
        }

        return sum / pairs;
    }

    /// <summary>Subtracts the fitted surface in place.</summary>
    public void Remove(Span<float> square)
    {
        Span<double> weights = stackalloc double[6];
        for (var k = 0; k < _surfaces.Length; k++)
        {
            weights[k] = 0;
            for (var i = 0; i < square.Length; i++)
            {
                weights[k] += _surfaces[k][i] * square[i];
            }
        }

        for (var i = 0; i < square.Length; i++)
        {
            var fitted = 0.0;
            for (var k = 0; k < _surfaces.Length; k++)
            {
                fitted += weights[k] * _surfaces[k][i];
            }

            square[i] -= (float)fitted;
        }
    }

    private static double[] Normalised(double[] surface)
    {
        var length = Math.Sqrt(surface.Sum(value => value * value));
        return [.. surface.Select(value => value / length)];
    }
}
