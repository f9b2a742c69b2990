using System.Numerics;
using System.Runtime.CompilerServices;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// Σ_c w_c (a_c/|a| − b_c/|b|)² of one layer, in one pass over its features: nothing of their size is written. The difference itself is squared: multiplied out, it
/// would be cheaper by little and lose the digits of small distances.
/// </summary>
internal static class UnitDifferences
{
    private const float Epsilon = 1e-10f;
    private const long SmallWork = 200_000;

    /// <summary>Adds up the places of a region.</summary>
    /// <param name="features"><c>[K·M, C, h, w]</c>, float32, on the CPU, best channels-last: K groups of one reference and M − 1 others; borrowed.</param>
    /// <param name="group">M.</param>
    /// <param name="rows">Of the region.</param>
    /// <param name="columns">Of the region.</param>
    /// <param name="weights">Of the channels.</param>
    /// <param name="maps">Is given the value at every place, <c>[K·(M − 1), rows, columns]</c>; null where only the sums are wanted.</param>
    /// <returns>One sum for each of the K·(M − 1) pairs.</returns>
    public static unsafe double[] Sum(Tensor features, int group, (int From, int To) rows, (int From, int To) columns, float[] weights, float[]? maps = null)
    {
        var shape = features.Require($"N {weights.Length} H W");
        if (features.dtype != float32 || features.device_type != DeviceType.CPU)
        {
            throw new ArgumentException($"The features must be float32 on the CPU, not {features.dtype} on {features.device}.", nameof(features));
        }

        using var scope = NewDisposeScope();
        var last = features.permute(0, 2, 3, 1);
        last = last.is_contiguous() ? last : last.contiguous(); // [N, h, w, C]
        var (height, width, channels) = ((int)shape[2], (int)shape[3], weights.Length);
        var (lines, places, pairs) = (rows.To - rows.From, columns.To - columns.From, group - 1);
        var groups = (int)shape[0] / group;
        var perLine = new double[groups * lines * pairs];
        fixed (byte* bytes = last.bytes)
        {
            var start = (float*)bytes;
            var image = (long)height * width * channels;
            // The order in which lines are added up is fixed below, whoever computes them.
            if (shape[0] * lines * places * channels < SmallWork)
            {
                for (var line = 0; line < groups * lines; line++)
                {
                    Line(line);
                }
            }
            else
            {
                Parallel.For(0, groups * lines, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, TorchRuntime.Threads) }, Line);
            }

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            void Line(int line)
            {
                var (index, row) = Math.DivRem(line, lines);
                var reference = start + (index * group * image) + ((((long)(rows.From + row) * width) + columns.From) * channels);
                fixed (float* weight = weights)
                {
                    for (var place = 0; place < places; place++, reference += channels)
                    {
                        var length = Inverse(reference, channels);
                        for (var pair = 0; pair < pairs; pair++)
                        {
                            var other = reference + ((pair + 1) * image);
                            var value = Difference(reference, length, other, Inverse(other, channels), weight, channels);
                            perLine[(line * pairs) + pair] += value;
                            if (maps is not null)
                            {
                                maps[((((long)((index * pairs) + pair) * lines) + row) * places) + place] = value;
                            }
                        }
                    }
                }
            }
        }

        var sums = new double[groups * pairs];
        for (var i = 0; i < perLine.Length; i++)
        {
            sums[(i / pairs / lines * pairs) + (i % pairs)] += perLine[i];
        }

        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe float Inverse(float* values, int count)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = *(Vector<float>*)(values + i);
            sum += value * value;
        }

        var square = Vector.Sum(sum);
        for (; i < count; i++)
        {
            square += values[i] * values[i];
        }

        return 1 / (MathF.Sqrt(square) + Epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe float Difference(float* left, float leftFactor, float* right, float rightFactor, float* weights, int count)
    {
        var (first, second, sum) = (new Vector<float>(leftFactor), new Vector<float>(rightFactor), Vector<float>.Zero);
        var i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var difference = (*(Vector<float>*)(left + i) * first) - (*(Vector<float>*)(right + i) * second);
            sum += difference * difference * *(Vector<float>*)(weights + i);
        }

        var total = Vector.Sum(sum);
        for (; i < count; i++)
        {
            var difference = (left[i] * leftFactor) - (right[i] * rightFactor);
            total += difference * difference * weights[i];
        }

        return total;
    }
}
