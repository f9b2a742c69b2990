using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grainy.Core.Convolutions;

/// <summary>
/// As <see cref="Products"/> and <see cref="OuterProducts"/>, but four rows by twenty-four columns: for layers of 24, 48 and 96 channels, which sixteen columns do not
/// fill.
/// </summary>
internal static unsafe class WideProducts
{
    /// <summary>Rows at once.</summary>
    public const int Rows = 4;

    /// <summary>Columns at once.</summary>
    public const int Channels = 24;

    private const int Lanes = 8;

    /// <summary>Rounds up to whole columns.</summary>
    public static int Padded(int channels) => (channels + Channels - 1) / Channels * Channels;

    /// <summary>[4, K]·[K, 24].</summary>
    /// <param name="left">Rows of K numbers.</param>
    /// <param name="leftStep">Numbers between them.</param>
    /// <param name="right">[K, 24].</param>
    /// <param name="length">K.</param>
    /// <param name="sums">The result.</param>
    /// <param name="step">Numbers between its rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply(float* left, nint leftStep, float* right, nint length, float* sums, nint step)
    {
        var lower = left + (3 * leftStep);
        Vector256<float> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        Vector256<float> c0 = default, c1 = default, c2 = default, d0 = default, d1 = default, d2 = default;
        for (; length > 0; length--, left++, lower++, right += Channels)
        {
            var (first, second, third) = (Vector256.Load(right), Vector256.Load(right + Lanes), Vector256.Load(right + (2 * Lanes)));
            var value = Vector256.Create(left[0]);
            a0 = Fma.MultiplyAdd(value, first, a0);
            a1 = Fma.MultiplyAdd(value, second, a1);
            a2 = Fma.MultiplyAdd(value, third, a2);
            value = Vector256.Create(left[leftStep]);
            b0 = Fma.MultiplyAdd(value, first, b0);
            b1 = Fma.MultiplyAdd(value, second, b1);
            b2 = Fma.MultiplyAdd(value, third, b2);
            value = Vector256.Create(left[2 * leftStep]);
            c0 = Fma.MultiplyAdd(value, first, c0);
            c1 = Fma.MultiplyAdd(value, second, c1);
            c2 = Fma.MultiplyAdd(value, third, c2);
            value = Vector256.Create(lower[0]);
            d0 = Fma.MultiplyAdd(value, first, d0);
            d1 = Fma.MultiplyAdd(value, second, d1);
            d2 = Fma.MultiplyAdd(value, third, d2);
        }

        Store(sums, a0, a1, a2);
        Store(sums + step, b0, b1, b2);
        Store(sums + (2 * step), c0, c1, c2);
        Store(sums + (3 * step), d0, d1, d2);
    }

    /// <summary>sums += Σₚ left[p]ᵀ·right[p], for four numbers of each row on the left and twenty-four on the right.</summary>
    /// <param name="left">First of the four in the first row.</param>
    /// <param name="leftStep">Numbers between rows.</param>
    /// <param name="right">First of the twenty-four in the first row.</param>
    /// <param name="rightStep">Numbers between rows.</param>
    /// <param name="count">Rows.</param>
    /// <param name="sums">Four rows of twenty-four.</param>
    /// <param name="step">Numbers between them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddOuter(float* left, nint leftStep, float* right, nint rightStep, int count, float* sums, nint step)
    {
        var (a0, a1, a2) = (Vector256.Load(sums), Vector256.Load(sums + Lanes), Vector256.Load(sums + (2 * Lanes)));
        var at = sums + step;
        var (b0, b1, b2) = (Vector256.Load(at), Vector256.Load(at + Lanes), Vector256.Load(at + (2 * Lanes)));
        at += step;
        var (c0, c1, c2) = (Vector256.Load(at), Vector256.Load(at + Lanes), Vector256.Load(at + (2 * Lanes)));
        at += step;
        var (d0, d1, d2) = (Vector256.Load(at), Vector256.Load(at + Lanes), Vector256.Load(at + (2 * Lanes)));
        for (; count > 0; count--, left += leftStep, right += rightStep)
        {
            var (first, second, third) = (Vector256.Load(right), Vector256.Load(right + Lanes), Vector256.Load(right + (2 * Lanes)));
            var value = Vector256.Create(left[0]);
            a0 = Fma.MultiplyAdd(value, first, a0);
            a1 = Fma.MultiplyAdd(value, second, a1);
            a2 = Fma.MultiplyAdd(value, third, a2);
            value = Vector256.Create(left[1]);
            b0 = Fma.MultiplyAdd(value, first, b0);
            b1 = Fma.MultiplyAdd(value, second, b1);
            b2 = Fma.MultiplyAdd(value, third, b2);
            value = Vector256.Create(left[2]);
            c0 = Fma.MultiplyAdd(value, first, c0);
            c1 = Fma.MultiplyAdd(value, second, c1);
            c2 = Fma.MultiplyAdd(value, third, c2);
            value = Vector256.Create(left[3]);
            d0 = Fma.MultiplyAdd(value, first, d0);
            d1 = Fma.MultiplyAdd(value, second, d1);
            d2 = Fma.MultiplyAdd(value, third, d2);
        }

        Store(sums, a0, a1, a2);
        Store(sums + step, b0, b1, b2);
        Store(sums + (2 * step), c0, c1, c2);
        Store(sums + (3 * step), d0, d1, d2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector256<float> first, Vector256<float> second, Vector256<float> third)
    {
        first.Store(to);
        second.Store(to + Lanes);
        third.Store(to + (2 * Lanes));
    }
}
