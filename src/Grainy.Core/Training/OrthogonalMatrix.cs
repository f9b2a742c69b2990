using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Training;

/// <summary>
/// The orthogonal matrix that is nearest to a given one, roughly: five Newton-Schulz steps X ← aX + b(XXᵀ)X + c(XXᵀ)²X bring all singular values into about [0.7, 1.2]
/// (Jordan et al. 2024, whose coefficients trade exactness for speed). On the processor in code of our own, whose result depends on nothing but its input.
/// </summary>
internal static class OrthogonalMatrix
{
    private const int Steps = 5;
    private const double A = 3.4445;
    private const double B = -4.7750;
    private const double C = 2.0315;
    private const double LeastNorm = 1e-30;
    private static readonly Scalar First = A;
    private static readonly Scalar Second = B;
    private static readonly Scalar Third = C;

    /// <summary>Overwrites a matrix of any singular values but all zero, which stays.</summary>
    /// <param name="matrix">Row after row.</param>
    /// <param name="rows">At most as many as there are columns.</param>
    public static void Replace(Span<float> matrix, int rows)
    {
        var columns = matrix.Length / rows;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, columns);
        var norm = Math.Sqrt(VectorOptimizer.Sum(matrix, squared: true)); // in double: squares of small gradients vanish in float
        if (norm < LeastNorm)
        {
            return;
        }

        foreach (ref var value in matrix)
        {
            value = (float)(value / norm);
        }

        var (products, polynomial, next) = (new float[rows * rows], new float[rows * rows], new float[matrix.Length]);
        for (var step = 0; step < Steps; step++)
        {
            Gram(matrix, products, rows, columns);
            Gram(products, polynomial, rows, rows); // symmetric: the square
            for (var i = 0; i < polynomial.Length; i++)
            {
                polynomial[i] = ((float)B * products[i]) + ((float)C * polynomial[i]);
            }

            for (var row = 0; row < rows; row++)
            {
                polynomial[(row * rows) + row] += (float)A;
            }

            Multiply(polynomial, matrix, next, rows, columns);
            next.CopyTo(matrix);
        }
    }

    /// <summary>The same for any device and precision. The caller owns the result.</summary>
    /// <param name="matrix"><c>[R, C]</c>, R ≤ C. Borrowed.</param>
    public static Tensor Of(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        using Scalar least = LeastNorm;
        var x = (matrix / matrix.to(float64).norm().clamp_min(least)).to(matrix.dtype);
        for (var step = 0; step < Steps; step++)
        {
            var products = x.mm(x.t());
            var polynomial = products.mul(Second).add(products.mm(products), Third);
            x = x.mul(First).add(polynomial.mm(x), Arithmetic.One);
        }

        return x.MoveToOuterDisposeScope();
    }

    // XXᵀ.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gram(ReadOnlySpan<float> x, Span<float> products, int rows, int columns)
    {
        for (var i = 0; i < rows; i++)
        {
            var row = x.Slice(i * columns, columns);
            for (var j = 0; j <= i; j++)
            {
                products[(i * rows) + j] = products[(j * rows) + i] = Dot(row, x.Slice(j * columns, columns));
            }
        }
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var l = MemoryMarshal.Cast<float, Vector<float>>(left);
        var r = MemoryMarshal.Cast<float, Vector<float>>(right);
        var (sum0, sum1, sum2, sum3) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var k = 0;
        for (; k <= l.Length - 4; k += 4)
        {
            sum0 += l[k] * r[k];
            sum1 += l[k + 1] * r[k + 1];
            sum2 += l[k + 2] * r[k + 2];
            sum3 += l[k + 3] * r[k + 3];
        }

        for (; k < l.Length; k++)
        {
            sum0 += l[k] * r[k];
        }

        var sum = Vector.Sum(sum0 + sum1 + (sum2 + sum3));
        for (var rest = l.Length * Vector<float>.Count; rest < left.Length; rest++)
        {
            sum += left[rest] * right[rest];
        }

        return sum;
    }

    // PX for a square P; four rows of X at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(ReadOnlySpan<float> p, ReadOnlySpan<float> x, Span<float> result, int rows, int columns)
    {
        result.Clear();
        for (var i = 0; i < rows; i++)
        {
            var to = result.Slice(i * columns, columns);
            var k = 0;
            for (; k <= rows - 4; k += 4)
            {
                AddRows(p.Slice((i * rows) + k, 4), x[(k * columns)..], columns, to);
            }

            for (; k < rows; k++)
            {
                var factor = p[(i * rows) + k];
                for (var column = 0; column < columns; column++)
                {
                    to[column] += factor * x[(k * columns) + column];
                }
            }
        }
    }

    private static void AddRows(ReadOnlySpan<float> factors, ReadOnlySpan<float> x, int columns, Span<float> to)
    {
        var (f0, f1, f2, f3) = (new Vector<float>(factors[0]), new Vector<float>(factors[1]), new Vector<float>(factors[2]), new Vector<float>(factors[3]));
        var sums = MemoryMarshal.Cast<float, Vector<float>>(to);
        var x0 = MemoryMarshal.Cast<float, Vector<float>>(x[..columns]);
        var x1 = MemoryMarshal.Cast<float, Vector<float>>(x.Slice(columns, columns));
        var x2 = MemoryMarshal.Cast<float, Vector<float>>(x.Slice(2 * columns, columns));
        var x3 = MemoryMarshal.Cast<float, Vector<float>>(x.Slice(3 * columns, columns));
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += (f0 * x0[i]) + (f1 * x1[i]) + (f2 * x2[i]) + (f3 * x3[i]);
        }

        for (var i = sums.Length * Vector<float>.Count; i < columns; i++)
        {
            to[i] += (factors[0] * x[i]) + (factors[1] * x[columns + i]) + (factors[2] * x[(2 * columns) + i]) + (factors[3] * x[(3 * columns) + i]);
        }
    }
}
