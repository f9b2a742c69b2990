using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grainy.Core.Convolutions;

/// <summary>
/// The inner products of all convolutions: six rows by sixteen columns at once, so that twelve sums fill the registers. Each sum runs over k in order, whatever
/// else is computed with it.
/// </summary>
internal static unsafe class Products
{
    /// <summary>Rows at once.</summary>
    public const int Rows = 6;

    /// <summary>Rows of <see cref="MultiplyFour"/>: with both, every even number of rows from four on is made up.</summary>
    public const int FewerRows = 4;

    /// <summary>Columns at once.</summary>
    public const int Channels = 16;

    private const int Lanes = 8;

    /// <summary>[6, K]·[K, 16].</summary>
    /// <param name="left">Rows of K numbers.</param>
    /// <param name="leftStep">Numbers between them.</param>
    /// <param name="right">[K, 16].</param>
    /// <param name="length">K.</param>
    /// <param name="sums">The result.</param>
    /// <param name="step">Numbers between its rows.</param>
    /// <param name="next">6·K numbers that will be read next; they are brought into the cache meanwhile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply(float* left, nint leftStep, float* right, nint length, float* sums, nint step, float* next)
    {
        var lower = left + (3 * leftStep);
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector256<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        for (; length > 0; length--, left++, lower++, right += Channels, next += Rows)
        {
            Sse.Prefetch0(next);
            var first = Vector256.Load(right);
            var second = Vector256.Load(right + Lanes);
            var value = Vector256.Create(left[0]);
            a0 = Fma.MultiplyAdd(value, first, a0);
            a1 = Fma.MultiplyAdd(value, second, a1);
            value = Vector256.Create(left[leftStep]);
            b0 = Fma.MultiplyAdd(value, first, b0);
            b1 = Fma.MultiplyAdd(value, second, b1);
            value = Vector256.Create(left[2 * leftStep]);
            c0 = Fma.MultiplyAdd(value, first, c0);
            c1 = Fma.MultiplyAdd(value, second, c1);
            value = Vector256.Create(lower[0]);
            d0 = Fma.MultiplyAdd(value, first, d0);
            d1 = Fma.MultiplyAdd(value, second, d1);
            value = Vector256.Create(lower[leftStep]);
            e0 = Fma.MultiplyAdd(value, first, e0);
            e1 = Fma.MultiplyAdd(value, second, e1);
            value = Vector256.Create(lower[2 * leftStep]);
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

    /// <summary>The same for four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void MultiplyFour(float* left, nint leftStep, float* right, nint length, float* sums, nint step, float* next)
    {
        var lower = left + (3 * leftStep);
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (; length > 0; length--, left++, lower++, right += Channels, next += FewerRows)
        {
            Sse.Prefetch0(next);
            var first = Vector256.Load(right);
            var second = Vector256.Load(right + Lanes);
            var value = Vector256.Create(left[0]);
            a0 = Fma.MultiplyAdd(value, first, a0);
            a1 = Fma.MultiplyAdd(value, second, a1);
            value = Vector256.Create(left[leftStep]);
            b0 = Fma.MultiplyAdd(value, first, b0);
            b1 = Fma.MultiplyAdd(value, second, b1);
            value = Vector256.Create(left[2 * leftStep]);
            c0 = Fma.MultiplyAdd(value, first, c0);
            c1 = Fma.MultiplyAdd(value, second, c1);
            value = Vector256.Create(lower[0]);
            d0 = Fma.MultiplyAdd(value, first, d0);
            d1 = Fma.MultiplyAdd(value, second, d1);
        }

        Store(sums, a0, a1);
        Store(sums + step, b0, b1);
        Store(sums + (2 * step), c0, c1);
        Store(sums + (3 * step), d0, d1);
    }

    /// <summary>Six neighbouring outputs of a convolution, with bias and leaky rectifier, in sixteen channels.</summary>
    /// <param name="left">First number under the kernel of the first output.</param>
    /// <param name="leftStep">Numbers between neighbouring outputs.</param>
    /// <param name="window">What lies under a kernel.</param>
    /// <param name="right">Kernels, [lines · K, 16].</param>
    /// <param name="bias">Sixteen.</param>
    /// <param name="slope">Of the rectifier, in [0, 1].</param>
    /// <param name="target">Of the first output.</param>
    /// <param name="step">Numbers between neighbouring outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Convolve(float* left, nint leftStep, Window window, float* right, float* bias, float slope, float* target, nint step)
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector256<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        // Results mostly go to memory that is not in the cache; it can be fetched meanwhile.
        for (var row = 0; row < Rows; row++)
        {
            Sse.Prefetch0(target + (row * step));
        }

        for (var line = window.Lines; line > 0; line--, left += window.LineStep)
        {
            var upper = left;
            var lower = left + (3 * leftStep);
            for (var k = window.Length; k > 0; k--, upper++, lower++, right += Channels)
            {
                var first = Vector256.Load(right);
                var second = Vector256.Load(right + Lanes);
                var value = Vector256.Create(upper[0]);
                a0 = Fma.MultiplyAdd(value, first, a0);
                a1 = Fma.MultiplyAdd(value, second, a1);
                value = Vector256.Create(upper[leftStep]);
                b0 = Fma.MultiplyAdd(value, first, b0);
                b1 = Fma.MultiplyAdd(value, second, b1);
                value = Vector256.Create(upper[2 * leftStep]);
                c0 = Fma.MultiplyAdd(value, first, c0);
                c1 = Fma.MultiplyAdd(value, second, c1);
                value = Vector256.Create(lower[0]);
                d0 = Fma.MultiplyAdd(value, first, d0);
                d1 = Fma.MultiplyAdd(value, second, d1);
                value = Vector256.Create(lower[leftStep]);
                e0 = Fma.MultiplyAdd(value, first, e0);
                e1 = Fma.MultiplyAdd(value, second, e1);
                value = Vector256.Create(lower[2 * leftStep]);
                f0 = Fma.MultiplyAdd(value, first, f0);
                f1 = Fma.MultiplyAdd(value, second, f1);
            }
        }

        var (offset0, offset1, factor) = (Vector256.Load(bias), Vector256.Load(bias + Lanes), Vector256.Create(slope));
        Store(target, Rectify(a0 + offset0, factor), Rectify(a1 + offset1, factor));
        Store(target + step, Rectify(b0 + offset0, factor), Rectify(b1 + offset1, factor));
        Store(target + (2 * step), Rectify(c0 + offset0, factor), Rectify(c1 + offset1, factor));
        Store(target + (3 * step), Rectify(d0 + offset0, factor), Rectify(d1 + offset1, factor));
        Store(target + (4 * step), Rectify(e0 + offset0, factor), Rectify(e1 + offset1, factor));
        Store(target + (5 * step), Rectify(f0 + offset0, factor), Rectify(f1 + offset1, factor));
    }

    /// <summary>The same for one output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ConvolveOne(float* left, Window window, float* right, float* bias, float slope, float* target)
    {
        Vector256<float> sum0 = default, sum1 = default;
        for (var line = window.Lines; line > 0; line--, left += window.LineStep)
        {
            for (nint k = 0; k < window.Length; k++, right += Channels)
            {
                var value = Vector256.Create(left[k]);
                sum0 = Fma.MultiplyAdd(value, Vector256.Load(right), sum0);
                sum1 = Fma.MultiplyAdd(value, Vector256.Load(right + Lanes), sum1);
            }
        }

        var factor = Vector256.Create(slope);
        Store(target, Rectify(sum0 + Vector256.Load(bias), factor), Rectify(sum1 + Vector256.Load(bias + Lanes), factor));
    }

    /// <summary>x where it is positive, else slope · x; for slopes in [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Rectify(Vector256<float> x, Vector256<float> slope) => Vector256.MaxNative(x, x * slope);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector256<float> first, Vector256<float> second)
    {
        first.Store(to);
        second.Store(to + Lanes);
    }

    /// <summary>Lines of numbers that lie under a kernel.</summary>
    /// <param name="Lines">Rows of the kernel.</param>
    /// <param name="LineStep">Numbers between rows of the image.</param>
    /// <param name="Length">Numbers of a row that lie under it.</param>
    public readonly record struct Window(int Lines, nint LineStep, nint Length);
}
