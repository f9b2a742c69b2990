using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grainy.Core.Convolutions;

/// <summary>Sums of outer products, of which the gradients of kernels are made.</summary>
internal static unsafe class OuterProducts
{
    private const int Lanes = 8;

    /// <summary>sums += Σₚ left[p]ᵀ·right[p], for six numbers of each row on the left and sixteen on the right.</summary>
    /// <param name="left">First of the six in the first row.</param>
    /// <param name="leftStep">Numbers between rows.</param>
    /// <param name="right">First of the sixteen in the first row.</param>
    /// <param name="rightStep">Numbers between rows.</param>
    /// <param name="count">Rows.</param>
    /// <param name="sums">Six rows of sixteen.</param>
    /// <param name="step">Numbers between them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Add(float* left, nint leftStep, float* right, nint rightStep, int count, float* sums, nint step)
    {
        var (a0, a1) = (Vector256.Load(sums), Vector256.Load(sums + Lanes));
        var (b0, b1) = (Vector256.Load(sums + step), Vector256.Load(sums + step + Lanes));
        var (c0, c1) = (Vector256.Load(sums + (2 * step)), Vector256.Load(sums + (2 * step) + Lanes));
        var (d0, d1) = (Vector256.Load(sums + (3 * step)), Vector256.Load(sums + (3 * step) + Lanes));
        var (e0, e1) = (Vector256.Load(sums + (4 * step)), Vector256.Load(sums + (4 * step) + Lanes));
        var (f0, f1) = (Vector256.Load(sums + (5 * step)), Vector256.Load(sums + (5 * step) + Lanes));
        for (; count > 0; count--, left += leftStep, right += rightStep)
        {
            var first = Vector256.Load(right);
            var second = Vector256.Load(right + Lanes);
            var value = Vector256.Create(left[0]);
            a0 = Fma.MultiplyAdd(value, first, a0);
            a1 = Fma.MultiplyAdd(value, second, a1);
            value = Vector256.Create(left[1]);
            b0 = Fma.MultiplyAdd(value, first, b0);
            b1 = Fma.MultiplyAdd(value, second, b1);
            value = Vector256.Create(left[2]);
            c0 = Fma.MultiplyAdd(value, first, c0);
            c1 = Fma.MultiplyAdd(value, second, c1);
            value = Vector256.Create(left[3]);
            d0 = Fma.MultiplyAdd(value, first, d0);
            d1 = Fma.MultiplyAdd(value, second, d1);
            value = Vector256.Create(left[4]);
            e0 = Fma.MultiplyAdd(value, first, e0);
            e1 = Fma.MultiplyAdd(value, second, e1);
            value = Vector256.Create(left[5]);
            f0 = Fma.MultiplyAdd(value, first, f0);
            f1 = Fma.MultiplyAdd(value, second, f1);
        }

        Store(sums, a0, a1);
        Store(sums + step, b0, b1);
        Store(sums + (2 * step), c0, c1);
        Store(sums + (3 * step), d0, d1);
        Store(sums + (4 * step), e0, e1);
        Store(sums + (5 * step), f0, f1);
    }

    /// <summary>sums[j] += Σₚ rows[p, j]; <paramref name="width"/> is a multiple of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddRows(float* rows, nint step, int count, float* sums, int width)
    {
        for (var column = 0; column < width; column += Lanes)
        {
            var sum = Vector256.Load(sums + column);
            for (var row = 0; row < count; row++)
            {
                sum += Vector256.Load(rows + (row * step) + column);
            }

            sum.Store(sums + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector256<float> first, Vector256<float> second)
    {
        first.Store(to);
        second.Store(to + Lanes);
    }
}
