using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Training;

/// <summary>
/// The arithmetic of <see cref="FlatAdam"/> in one pass on the processor. The tensor library takes eight, and wakes its threads for each, which costs more than the
/// hundred thousand numbers of a small network.
/// </summary>
internal static class VectorAdam
{
    /// <summary>True for float32 on the processor.</summary>
    public static bool Suits(Tensor values) => values.dtype == float32 && values.device_type == DeviceType.CPU;

    /// <summary>Moves values, moments and average by one step, or nothing when a gradient is not finite.</summary>
    /// <param name="values">All are flat, contiguous, of one length, and borrowed; overwritten, but for the gradients.</param>
    /// <param name="decay">β₁ and β₂.</param>
    /// <param name="bias2">1 − β₂ᵗ.</param>
    /// <param name="size">Of the step, with the correction of the first moment, and its sign.</param>
    /// <param name="epsilon">Added to the root.</param>
    /// <param name="old">Share of the old in the average.</param>
    public static bool TryStep(
        Tensor values, Tensor gradients, Tensor mean, Tensor square, Tensor average, (double First, double Second) decay, double bias2, double size, double epsilon, double old)
    {
        var g = Floats(gradients);
        if (!IsFinite(g))
        {
            return false;
        }

        var numbers = new Numbers(
            (float)decay.First, (float)(1 - decay.First), (float)decay.Second, (float)(1 - decay.Second), (float)bias2, (float)size, (float)epsilon, (float)old, (float)(1 - old));
        Move(Floats(values), g, Floats(mean), Floats(square), Floats(average), numbers);
        return true;
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static bool IsFinite(ReadOnlySpan<float> numbers)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(numbers);
        var most = new Vector<float>(float.MaxValue);
        foreach (var vector in vectors)
        {
            // False for what is no number, too.
            if (!Vector.LessThanOrEqualAll(Vector.Abs(vector), most))
            {
                return false;
            }
        }

        foreach (var number in numbers[(vectors.Length * Vector<float>.Count)..])
        {
            if (!float.IsFinite(number))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move(Span<float> values, Span<float> gradients, Span<float> mean, Span<float> square, Span<float> average, Numbers by)
    {
        var v = MemoryMarshal.Cast<float, Vector<float>>(values);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        var m = MemoryMarshal.Cast<float, Vector<float>>(mean);
        var s = MemoryMarshal.Cast<float, Vector<float>>(square);
        var a = MemoryMarshal.Cast<float, Vector<float>>(average);
        var epsilon = new Vector<float>(by.Epsilon);
        for (var i = 0; i < v.Length; i++)
        {
            m[i] = (m[i] * by.Decay1) + (g[i] * by.Rest1);
            s[i] = (s[i] * by.Decay2) + (g[i] * g[i] * by.Rest2);
            v[i] += m[i] * by.Size / (Vector.SquareRoot(s[i] / by.Bias2) + epsilon);
            a[i] = (a[i] * by.Old) + (v[i] * by.Fresh);
        }

        for (var i = v.Length * Vector<float>.Count; i < values.Length; i++)
        {
            mean[i] = (mean[i] * by.Decay1) + (gradients[i] * by.Rest1);
            square[i] = (square[i] * by.Decay2) + (gradients[i] * gradients[i] * by.Rest2);
            values[i] += mean[i] * by.Size / (MathF.Sqrt(square[i] / by.Bias2) + by.Epsilon);
            average[i] = (average[i] * by.Old) + (values[i] * by.Fresh);
        }
    }

    private readonly record struct Numbers(float Decay1, float Rest1, float Decay2, float Rest2, float Bias2, float Size, float Epsilon, float Old, float Fresh);
}
