using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grainy.Core.Convolutions;

/// <summary>Kernels of three: points 0, ±1, ±2 and infinity.</summary>
internal readonly unsafe struct KernelOfThree : IShortConvolution
{
    public static int Side => Winograd.Outputs;

    public static int Products => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inputs(float* from, nint step, float* to, nint toStep)
    {
        var (d0, d1, d2) = (Vector256.Load(from), Vector256.Load(from + step), Vector256.Load(from + (2 * step)));
        var (d3, d4, d5) = (Vector256.Load(from + (3 * step)), Vector256.Load(from + (4 * step)), Vector256.Load(from + (5 * step)));
        Plus(Plus(d4, -5, d2), 4, d0).Store(to);
        var (even, odd) = (Plus(d4, -4, d2), Plus(d3, -4, d1));
        (even + odd).Store(to + toStep);
        (even - odd).Store(to + (2 * toStep));
        (even, odd) = (d4 - d2, (d3 - d1) * 2);
        (even + odd).Store(to + (3 * toStep));
        (even - odd).Store(to + (4 * toStep));
        Plus(Plus(d5, -5, d3), 4, d1).Store(to + (5 * toStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Outputs(float* from, nint step, out Vector256<float> first, out Vector256<float> second, out Vector256<float> third, out Vector256<float> fourth)
    {
        var (m1, m2) = (Vector256.Load(from + step), Vector256.Load(from + (2 * step)));
        var (m3, m4) = (Vector256.Load(from + (3 * step)), Vector256.Load(from + (4 * step)));
        var (even, odd, evenNext, oddNext) = (m1 + m2, m1 - m2, m3 + m4, m3 - m4);
        first = Vector256.Load(from) + even + evenNext;
        second = Plus(odd, 2, oddNext);
        third = Plus(even, 4, evenNext);
        fourth = Plus(odd + Vector256.Load(from + (5 * step)), 8, oddNext);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Plus(Vector256<float> sum, float factor, Vector256<float> value) => Fma.MultiplyAdd(Vector256.Create(factor), value, sum);
}
