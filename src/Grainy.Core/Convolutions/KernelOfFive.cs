using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grainy.Core.Convolutions;

/// <summary>Kernels of five: points 0, ±1, ±½, ±2 and infinity.</summary>
internal readonly unsafe struct KernelOfFive : IShortConvolution
{
    public static int Side => Winograd.Outputs;

    public static int Products => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inputs(float* from, nint step, float* to, nint toStep)
    {
        var (d0, d1, d2, d3) = (Vector256.Load(from), Vector256.Load(from + step), Vector256.Load(from + (2 * step)), Vector256.Load(from + (3 * step)));
        from += 4 * step;
        var (d4, d5, d6, d7) = (Vector256.Load(from), Vector256.Load(from + step), Vector256.Load(from + (2 * step)), Vector256.Load(from + (3 * step)));
        Plus(d6 - d0, 5.25f, d2 - d4).Store(to);
        Pair(Plus(d6 + d2, -4.25f, d4), Plus(d5 + d1, -4.25f, d3), to + toStep, toStep);
        Pair(Plus(Plus(d6, -5, d4), 4, d2), Plus(Plus(d5, -5, d3), 4, d1) * 0.5f, to + (3 * toStep), toStep);
        Pair(Plus(Plus(d6, -1.25f, d4), 0.25f, d2), Plus(Plus(d5, -1.25f, d3), 0.25f, d1) * 2, to + (5 * toStep), toStep);
        Plus(d7 - d1, 5.25f, d3 - d5).Store(to + (7 * toStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Outputs(float* from, nint step, out Vector256<float> first, out Vector256<float> second, out Vector256<float> third, out Vector256<float> fourth)
    {
        var (m1, m2) = (Vector256.Load(from + step), Vector256.Load(from + (2 * step)));
        var (m3, m4) = (Vector256.Load(from + (3 * step)), Vector256.Load(from + (4 * step)));
        var (m5, m6) = (Vector256.Load(from + (5 * step)), Vector256.Load(from + (6 * step)));
        var (even, odd, evenNext, oddNext, evenLast, oddLast) = (m1 + m2, m1 - m2, m3 + m4, m3 - m4, m5 + m6, m5 - m6);
        first = Vector256.Load(from) + even + evenNext + evenLast;
        second = Plus(Plus(odd, 0.5f, oddNext), 2, oddLast);
        third = Plus(Plus(even, 0.25f, evenNext), 4, evenLast);
        fourth = Plus(Plus(odd + Vector256.Load(from + (7 * step)), 0.125f, oddNext), 8, oddLast);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(Vector256<float> even, Vector256<float> odd, float* to, nint step)
    {
        (even + odd).Store(to);
        (even - odd).Store(to + step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Plus(Vector256<float> sum, float factor, Vector256<float> value) => Fma.MultiplyAdd(Vector256.Create(factor), value, sum);
}
