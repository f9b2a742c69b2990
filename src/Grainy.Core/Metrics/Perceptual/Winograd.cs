using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// Short convolutions with few multiplications (Winograd 1980; Lavin, Gray 2016): four outputs of a kernel of r from 3 + r products, y = A·((G·g) ∘ (B·d)), made from
/// points by the method of Toom and Cook. Rounding, measured in float32 against the spread of the result: 1·10⁻⁶ for r = 3 and 3·10⁻⁶ for r = 5, where plain sums have
/// 3 and 5·10⁻⁷.
/// </summary>
/// <remarks>The points come in pairs ±p, so that B and A fall into an even and an odd half; they are written out below, for eight channels at once.</remarks>
internal static class Winograd
{
    /// <summary>Outputs along a side of a tile.</summary>
    public const int Outputs = 4;

    /// <summary>Inputs, and products, along a side of a tile for a kernel of that side: 6 or 8.</summary>
    public static int Products(int kernel) => Outputs + kernel - 1;

    /// <summary>G, [products, kernel]: the powers of each point over the product of its distances to the others; infinity comes last.</summary>
    public static double[,] KernelMatrix(int kernel)
    {
        double[] points = kernel == 3 ? [0, 1, -1, 2, -2] : [0, 1, -1, 0.5, -0.5, 2, -2];
        var g = new double[points.Length + 1, kernel];
        for (var i = 0; i < points.Length; i++)
        {
            var distances = points.Where((_, j) => j != i).Aggregate(1.0, (product, other) => product * (points[i] - other));
            for (var power = 0; power < kernel; power++)
            {
                g[i, power] = Math.Pow(points[i], power) / distances;
            }
        }

        g[points.Length, kernel - 1] = 1;
        return g;
    }

    /// <summary>B·d·Bᵀ.</summary>
    /// <param name="values">Products² vectors, row after row; overwritten.</param>
    /// <param name="half">Room for as many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Input(Vector256<float>* values, Vector256<float>* half, int products)
    {
        // Every pass transforms rows and writes columns: two of them leave rows as rows.
        for (var i = 0; i < products; i++)
        {
            Inputs(values + (i * products), half + i, products);
        }

        for (var i = 0; i < products; i++)
        {
            Inputs(half + (i * products), values + i, products);
        }
    }

    /// <summary>A·m·Aᵀ; the first 4 × 4 vectors of <paramref name="values"/> then hold the outputs, row after row.</summary>
    /// <param name="values">Products² vectors, row after row; overwritten.</param>
    /// <param name="half">Room for as many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Output(Vector256<float>* values, Vector256<float>* half, int products)
    {
        for (var i = 0; i < products; i++)
        {
            Sums(values + (i * products), half + i, products, products);
        }

        for (var i = 0; i < Outputs; i++)
        {
            Sums(half + (i * products), values + i, products, Outputs);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Inputs(Vector256<float>* d, Vector256<float>* to, int products)
    {
        if (products == 6)
        {
            to[0] = Plus(Plus(d[4], -5, d[2]), 4, d[0]);
            Pair(Plus(d[4], -4, d[2]), Plus(d[3], -4, d[1]), to + 6, 6);
            Pair(d[4] - d[2], (d[3] - d[1]) * 2, to + 18, 6);
            to[30] = Plus(Plus(d[5], -5, d[3]), 4, d[1]);
            return;
        }

        to[0] = Plus(d[6] - d[0], 5.25f, d[2] - d[4]);
        Pair(Plus(d[6] + d[2], -4.25f, d[4]), Plus(d[5] + d[1], -4.25f, d[3]), to + 8, 8);
        Pair(Plus(Plus(d[6], -5, d[4]), 4, d[2]), Plus(Plus(d[5], -5, d[3]), 4, d[1]) * 0.5f, to + 24, 8);
        Pair(Plus(Plus(d[6], -1.25f, d[4]), 0.25f, d[2]), Plus(Plus(d[5], -1.25f, d[3]), 0.25f, d[1]) * 2, to + 40, 8);
        to[56] = Plus(d[7] - d[1], 5.25f, d[3] - d[5]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Sums(Vector256<float>* m, Vector256<float>* to, int products, int step)
    {
        var (even, odd) = (m[1] + m[2], m[1] - m[2]);
        var (evenNext, oddNext) = (m[3] + m[4], m[3] - m[4]);
        if (products == 6)
        {
            to[0] = m[0] + even + evenNext;
            to[step] = Plus(odd, 2, oddNext);
            to[2 * step] = Plus(even, 4, evenNext);
            to[3 * step] = Plus(odd + m[5], 8, oddNext);
            return;
        }

        var (evenLast, oddLast) = (m[5] + m[6], m[5] - m[6]);
        to[0] = m[0] + even + evenNext + evenLast;
        to[step] = Plus(Plus(odd, 0.5f, oddNext), 2, oddLast);
        to[2 * step] = Plus(Plus(even, 0.25f, evenNext), 4, evenLast);
        to[3 * step] = Plus(Plus(odd + m[7], 0.125f, oddNext), 8, oddLast);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Pair(Vector256<float> even, Vector256<float> odd, Vector256<float>* to, int step)
    {
        to[0] = even + odd;
        to[step] = even - odd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Plus(Vector256<float> sum, float factor, Vector256<float> value) => Fma.MultiplyAdd(Vector256.Create(factor), value, sum);
}
