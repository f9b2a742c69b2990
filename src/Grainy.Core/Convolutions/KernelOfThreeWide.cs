using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grainy.Core.Convolutions;

/// <summary>Kernels of three for six outputs: the points of <see cref="KernelOfFive"/>, so that the inputs are transformed alike.</summary>
internal readonly unsafe struct KernelOfThreeWide : IShortConvolution
{
    public static int Side => Winograd.WideOutputs;

    public static int Products => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inputs(float* from, nint step, float* to, nint toStep) => KernelOfFive.Inputs(from, step, to, toStep);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Outputs(float* from, nint step, out Vector256<float> first, out Vector256<float> second, out Vector256<float> third, out Vector256<float> fourth)
    {
        Pairs(from, step, out var even, out var odd, out var evenNext, out var oddNext, out var evenLast, out var oddLast);
        first = Vector256.Load(from) + even + evenNext + evenLast;
        second = Plus(Plus(odd, 0.5f, oddNext), 2, oddLast);
        third = Plus(Plus(even, 0.25f, evenNext), 4, evenLast);
        fourth = Plus(Plus(odd, 0.125f, oddNext), 8, oddLast);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LastOutputs(float* from, nint step, out Vector256<float> fifth, out Vector256<float> sixth)
    {
        Pairs(from, step, out var even, out var odd, out var evenNext, out var oddNext, out var evenLast, out var oddLast);
        fifth = Plus(Plus(even, 0.0625f, evenNext), 16, evenLast);
        sixth = Plus(Plus(odd + Vector256.Load(from + (7 * step)), 0.03125f, oddNext), 32, oddLast);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs(
        float* from,
        nint step,
        out Vector256<float> even,
        out Vector256<float> odd,
        out Vector256<float> evenNext,
        out Vector256<float> oddNext,
        out Vector256<float> evenLast,
        out Vector256<float> oddLast)
    {
        var (m1, m2) = (Vector256.Load(from + step), Vector256.Load(from + (2 * step)));
        var (m3, m4) = (Vector256.Load(from + (3 * step)), Vector256.Load(from + (4 * step)));
        var (m5, m6) = (Vector256.Load(from + (5 * step)), Vector256.Load(from + (6 * step)));
        (even, odd, evenNext, oddNext, evenLast, oddLast) = (m1 + m2, m1 - m2, m3 + m4, m3 - m4, m5 + m6, m5 - m6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Plus(Vector256<float> sum, float factor, Vector256<float> value) => Fma.MultiplyAdd(Vector256.Create(factor), value, sum);
}
