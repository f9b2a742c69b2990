namespace Grainy.Core.Metrics.ELpips;

/// <summary>
/// Control variates of the channel factors. How bright a transform leaves the channels explains most of the spread of a distance at one scale (measured: 95 %
/// for a noisy image, 80 % for two unlike photographs), and the laws of the factors are known. So the distance is regressed on polynomials of the factors
/// whose means are zero: the constant term estimates the mean distance, and only what the polynomials leave unexplained is left as its error.
/// </summary>
/// <remarks>
/// The polynomials are Legendre's in 2u − 1, orthonormal over the law of the factors: three of degree one, three of degree two, three products. How many of
/// them are used depends on the number of samples alone, never on the distances, so that the usual theory of least squares holds.
/// </remarks>
internal sealed class FactorDesign
{
    /// <summary>The constant and nine polynomials.</summary>
    public const int MostTerms = 10;

    private readonly double[,] _products = new double[MostTerms, MostTerms];
    private readonly double[,] _inverse = new double[MostTerms, MostTerms];
    private int _inverseOf;

    /// <summary>Samples so far.</summary>
    public int Count { get; private set; }

    /// <summary>Terms that this many samples can bear.</summary>
    public int Terms => Count switch { < 8 => 1, < 16 => 4, < 28 => 7, _ => MostTerms };

    /// <summary>Degrees of freedom that are left for the error.</summary>
    public int Degrees => Count - Terms;

    /// <summary>The polynomials of a transform, the constant first.</summary>
    public static double[] Polynomials(ELpipsTransform transform)
    {
        var (r, g, b) = (Centred(transform.Factors.R), Centred(transform.Factors.G), Centred(transform.Factors.B));
        return
        [
            1, First(r), First(g), First(b), Second(r), Second(g), Second(b), First(r) * First(g), First(r) * First(b), First(g) * First(b),
        ];

        static double Centred(float factor) => ((factor - 0.2) / 0.4) - 1;
        static double First(double t) => Math.Sqrt(3) * t;
        static double Second(double t) => Math.Sqrt(5) * ((3 * t * t) - 1) / 2;
    }

    /// <summary>Takes in a sample.</summary>
    public void Add(ReadOnlySpan<double> polynomials)
    {
        for (var row = 0; row < MostTerms; row++)
        {
            for (var column = 0; column < MostTerms; column++)
            {
                _products[row, column] += polynomials[row] * polynomials[column];
            }
        }

        Count++;
    }

    /// <summary>Coefficients for numbers whose products with the polynomials add up to <paramref name="sums"/>; the first one is the mean.</summary>
    public double[] Coefficients(ReadOnlySpan<double> sums)
    {
        Invert();
        var coefficients = new double[Terms];
        for (var row = 0; row < coefficients.Length; row++)
        {
            for (var column = 0; column < coefficients.Length; column++)
            {
                coefficients[row] += _inverse[row, column] * sums[column];
            }
        }

        return coefficients;
    }

    /// <summary>Variance of one number around what the polynomials explain; 0 without degrees of freedom.</summary>
    public double ResidualVariance(ReadOnlySpan<double> sums, double squares)
    {
        var explained = 0.0;
        foreach (var (coefficient, sum) in Coefficients(sums).Zip(sums.ToArray()))
        {
            explained += coefficient * sum;
        }

        // Rounding leaves a trace of the squares where all numbers are explained.
        var left = squares - explained;
        return Degrees < 1 || left < 1e-14 * squares ? 0 : left / Degrees;
    }

    /// <summary>Variance of the mean for a residual variance of 1: about 1 / <see cref="Count"/>.</summary>
    public double MeanVariance()
    {
        Invert();
        return _inverse[0, 0];
    }

    // Gauss–Jordan without exchanging rows: the matrix is symmetric and positive definite.
    private void Invert()
    {
        if (_inverseOf == Count)
        {
            return;
        }

        var terms = Terms;
        var work = (double[,])_products.Clone();
        for (var row = 0; row < terms; row++)
        {
            for (var column = 0; column < terms; column++)
            {
                _inverse[row, column] = row == column ? 1 : 0;
            }
        }

        for (var pivot = 0; pivot < terms; pivot++)
        {
            var scale = 1 / work[pivot, pivot];
            for (var column = 0; column < terms; column++)
            {
                work[pivot, column] *= scale;
                _inverse[pivot, column] *= scale;
            }

            for (var row = 0; row < terms; row++)
            {
                var factor = row == pivot ? 0 : work[row, pivot];
                for (var column = 0; factor != 0 && column < terms; column++)
                {
                    work[row, column] -= factor * work[pivot, column];
                    _inverse[row, column] -= factor * _inverse[pivot, column];
                }
            }
        }

        _inverseOf = Count;
    }
}
