using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Training;

/// <summary>
/// The arithmetic of <see cref="FlatOptimizer"/> on the processor. The tensor library takes eight passes for Adam, and wakes its threads for each, which costs more
/// than the hundred thousand numbers of a small network.
/// </summary>
internal static class VectorOptimizer
{
    /// <summary>True for float32 on the processor.</summary>
    public static bool Suits(Tensor values) => values.dtype == float32 && values.device_type == DeviceType.CPU;

    /// <summary>False where any number is infinite or none.</summary>
    public static bool AreFinite(ReadOnlySpan<float> numbers)
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

    /// <summary>The sum of all numbers, or of their squares.</summary>
    public static double Sum(ReadOnlySpan<float> numbers, bool squared)
    {
        var sum = 0.0;
        foreach (var number in numbers)
        {
            sum += squared ? (double)number * number : number;
        }

        return sum;
    }

    /// <summary>Moves values and moments by one step. All spans have one length.</summary>
    /// <param name="decay">β₁ and β₂.</param>
    /// <param name="bias2">1 − β₂ᵗ.</param>
    /// <param name="size">Of the step, with the correction of the first moment, and its sign.</param>
    /// <param name="epsilon">Added to the root.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MoveByAdam(
        Span<float> values, ReadOnlySpan<float> gradients, Span<float> mean, Span<float> square, (double First, double Second) decay, double bias2, double size, double epsilon)
    {
        var (decay1, rest1, decay2, rest2) = ((float)decay.First, (float)(1 - decay.First), (float)decay.Second, (float)(1 - decay.Second));
        var (bias, length, small) = ((float)bias2, (float)size, (float)epsilon);
        var v = MemoryMarshal.Cast<float, Vector<float>>(values);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        var m = MemoryMarshal.Cast<float, Vector<float>>(mean);
        var s = MemoryMarshal.Cast<float, Vector<float>>(square);
        var smalls = new Vector<float>(small);
        for (var i = 0; i < v.Length; i++)
        {
            m[i] = (m[i] * decay1) + (g[i] * rest1);
            s[i] = (s[i] * decay2) + (g[i] * g[i] * rest2);
            v[i] += m[i] * length / (Vector.SquareRoot(s[i] / bias) + smalls);
        }

        for (var i = v.Length * Vector<float>.Count; i < values.Length; i++)
        {
            mean[i] = (mean[i] * decay1) + (gradients[i] * rest1);
            square[i] = (square[i] * decay2) + (gradients[i] * gradients[i] * rest2);
            values[i] += mean[i] * length / (MathF.Sqrt(square[i] / bias) + small);
        }
    }

    /// <summary>Moves a matrix and the moments of its gradients by one step.</summary>
    /// <param name="rows">Of the matrix.</param>
    /// <param name="decay">β₁ and β₂; the step looks one average further ahead (Nesterov).</param>
    /// <param name="length">Of the step along the orthogonal matrix, with its sign.</param>
    public static void MoveByMuon(Span<float> values, ReadOnlySpan<float> gradients, Span<float> mean, Span<float> square, int rows, (double First, double Second) decay, double length)
    {
        var (decay1, rest1, decay2, rest2) = ((float)decay.First, (float)(1 - decay.First), (float)decay.Second, (float)(1 - decay.Second));
        var ahead = new float[values.Length];
        for (var i = 0; i < ahead.Length; i++)
        {
            mean[i] = (mean[i] * decay1) + (gradients[i] * rest1);
            square[i] = (square[i] * decay2) + (gradients[i] * gradients[i] * rest2);
            ahead[i] = (mean[i] * decay1) + (gradients[i] * rest1);
        }

        OrthogonalMatrix.Replace(ahead, rows);
        for (var i = 0; i < ahead.Length; i++)
        {
            values[i] += ahead[i] * (float)length;
        }
    }

    /// <summary>Moves an average towards the values.</summary>
    /// <param name="decay">Share of the old in it.</param>
    public static void MoveAverage(Span<float> average, ReadOnlySpan<float> values, double decay)
    {
        var (old, fresh) = ((float)decay, (float)(1 - decay));
        var a = MemoryMarshal.Cast<float, Vector<float>>(average);
        var v = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (var i = 0; i < a.Length; i++)
        {
            a[i] = (a[i] * old) + (v[i] * fresh);
        }

        for (var i = a.Length * Vector<float>.Count; i < average.Length; i++)
        {
            average[i] = (average[i] * old) + (values[i] * fresh);
        }
    }
}
