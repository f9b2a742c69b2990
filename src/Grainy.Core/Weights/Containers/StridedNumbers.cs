using System.Numerics;

namespace Grainy.Core.Weights.Containers;

/// <summary>Cuts a tensor out of a run of numbers in a file.</summary>
internal static class StridedNumbers
{
    private const int MostAxes = 8;

    /// <summary>True when every element lies within <paramref name="count"/> numbers, and there are no more elements than numbers.</summary>
    /// <remarks>A stride of 0 repeats numbers: more elements than numbers would be a way to fill the memory.</remarks>
    public static bool Fit(long count, long offset, long[] sizes, long[] strides)
    {
        if (sizes.Length != strides.Length || sizes.Length > MostAxes || offset < 0 || offset > count
            || sizes.Any(size => size < 0 || size > count) || strides.Any(stride => stride < 0 || stride > count))
        {
            return false;
        }

        var elements = sizes.Aggregate(BigInteger.One, (product, size) => product * size);
        return elements <= count && (elements.IsZero || offset + Reach(sizes, strides) < count);
    }

    /// <summary>Strides of a row-major array, in elements; of a column-major one where asked for.</summary>
    public static long[] Contiguous(long[] sizes, bool columnOrder = false)
    {
        var strides = new long[sizes.Length];
        var next = 1L;
        for (var i = 0; i < sizes.Length; i++)
        {
            var axis = columnOrder ? i : sizes.Length - 1 - i;
            strides[axis] = next;
            next = checked(next * Math.Max(1, sizes[axis]));
        }

        return strides;
    }

    /// <summary>Reads the elements, row-major; the arguments <see cref="Fit"/>.</summary>
    /// <param name="start">Where the numbers begin in <paramref name="bytes"/>.</param>
    public static float[] Read(ByteSource bytes, long start, FloatFormat format, long offset, long[] sizes, long[] strides)
    {
        var result = new float[sizes.Aggregate(1L, (product, size) => product * size)];
        if (result.Length == 0)
        {
            return result;
        }

        start += offset * format.Size();
        if (strides.Zip(Contiguous(sizes)).Zip(sizes).All(axis => axis.First.First == axis.First.Second || axis.Second == 1))
        {
            format.Read(bytes, start, result);
            return result;
        }

        var numbers = new float[(long)Reach(sizes, strides) + 1];
        format.Read(bytes, start, numbers);
        Gather(numbers, sizes, strides, result);
        return result;
    }

    /// <summary>Puts elements in row-major order.</summary>
    public static void Gather(ReadOnlySpan<float> numbers, long[] sizes, long[] strides, Span<float> result)
    {
        var index = new long[sizes.Length];
        var from = 0L;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = numbers[(int)from];
            for (var axis = sizes.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < sizes[axis])
                {
                    break;
                }

                from -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }
    }

    private static BigInteger Reach(long[] sizes, long[] strides) =>
        sizes.Zip(strides).Aggregate(BigInteger.Zero, (sum, axis) => sum + ((BigInteger)(axis.First - 1) * axis.Second));
}
