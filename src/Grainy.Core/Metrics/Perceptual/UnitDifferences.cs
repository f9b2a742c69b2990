using System.Numerics;
using System.Runtime.CompilerServices;
using Grainy.Core.Convolutions;

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
    /// <param name="features">K·M images: K groups of one reference and M − 1 others; borrowed.</param>
    /// <param name="group">M.</param>
    /// <param name="rows">Of the region.</param>
    /// <param name="columns">Of the region.</param>
    /// <param name="weights">Of the channels.</param>
    /// <param name="maps">Is given the value at every place, <c>[K·(M − 1), rows, columns]</c>; null where only the sums are wanted.</param>
    /// <returns>One sum for each of the K·(M − 1) pairs.</returns>
    public static unsafe double[] Sum(FeatureMap features, int group, (int From, int To) rows, (int From, int To) columns, float[] weights, float[]? maps = null)
    {
        var (width, channels) = (features.Width, features.Channels);
        if (channels != weights.Length)
        {
            throw new ArgumentException($"There are {weights.Length} weights for {channels} channels.", nameof(weights));
        }

        var (lines, places, pairs) = (rows.To - rows.From, columns.To - columns.From, group - 1);
        var groups = features.Count / group;
        var perLine = new double[groups * lines * pairs];
        var start = features.Data;
        var image = (long)features.Height * width * channels;
        // The order in which lines are added up is fixed below, whoever computes them.
        if ((long)features.Count * lines * places * channels < SmallWork)
        {
            for (var line = 0; line < groups * lines; line++)
            {
                Line(line);
            }
        }
        else
        {
            Spread.For(groups * lines, Line);
        }

        var sums = new double[groups * pairs];
        for (var i = 0; i < perLine.Length; i++)
        {
            sums[(i / pairs / lines * pairs) + (i % pairs)] += perLine[i];
        }

        return sums;

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe float Inverse(float* values, int count)
    {
        // Two sums, so that an addition need not wait for the one before.
        var (even, odd) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i <= count - (2 * Vector<float>.Count); i += 2 * Vector<float>.Count)
        {
            var (first, second) = (*(Vector<float>*)(values + i), *(Vector<float>*)(values + i + Vector<float>.Count));
            even += first * first;
            odd += second * second;
        }

        var square = Vector.Sum(even + odd);
        for (; i < count; i++)
        {
            square += values[i] * values[i];
        }

        return 1 / (MathF.Sqrt(square) + Epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe float Difference(float* left, float leftFactor, float* right, float rightFactor, float* weights, int count)
    {
        var (first, second) = (new Vector<float>(leftFactor), new Vector<float>(rightFactor));
        var (even, odd) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i <= count - (2 * Vector<float>.Count); i += 2 * Vector<float>.Count)
        {
            var difference = (*(Vector<float>*)(left + i) * first) - (*(Vector<float>*)(right + i) * second);
            even += difference * difference * *(Vector<float>*)(weights + i);
            var next = i + Vector<float>.Count;
            difference = (*(Vector<float>*)(left + next) * first) - (*(Vector<float>*)(right + next) * second);
            odd += difference * difference * *(Vector<float>*)(weights + next);
        }

        var total = Vector.Sum(even + odd);
        for (; i < count; i++)
        {
            var difference = (left[i] * leftFactor) - (right[i] * rightFactor);
            total += difference * difference * weights[i];
        }

        return total;
    }
}
