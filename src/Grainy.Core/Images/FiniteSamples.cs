using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Grainy.Core.Images;

/// <summary>Refuses images with samples that are not numbers: one of them would spread through a whole training.</summary>
internal static class FiniteSamples
{
    /// <summary>Passes when every sample is finite.</summary>
    /// <exception cref="ImageFormatException">Says how many are not, and where the first one is.</exception>
    public static void Require(ImageBuffer image)
    {
        if (AllFinite(image.Planes))
        {
            return;
        }

        var count = image.Planes.LongCount(sample => !float.IsFinite(sample));
        var first = Array.FindIndex(image.Planes, sample => !float.IsFinite(sample));
        var pixel = first % (image.Width * image.Height);
        var where = image.Channels == 1 ? "" : $" of channel {(first / (image.Width * image.Height)) + 1}";
        throw new ImageFormatException(string.Create(
            CultureInfo.InvariantCulture,
            $"{count:N0} of {image.Planes.Length:N0} samples are not finite numbers (NaN or infinite), "
            + $"the first at x = {pixel % image.Width}, y = {pixel / image.Width}{where}; replace them and save the file again."));
    }

    /// <summary>True when no sample is infinite or not a number.</summary>
    public static bool AllFinite(ReadOnlySpan<float> samples) => float.IsFinite(LargestMagnitude(samples));

    /// <summary>The largest magnitude; infinite or not a number where a sample is. 0 for no samples.</summary>
    /// <remarks>Without their signs, the bits of floating-point numbers are in the order of the magnitudes, and last come those that are not finite.</remarks>
    public static float LargestMagnitude(ReadOnlySpan<float> samples)
    {
        var numbers = MemoryMarshal.Cast<float, int>(samples);
        var lanes = Vector<int>.Count;
        // Several, so that none need wait for the one before.
        var (first, second, third, fourth) = (Vector<int>.Zero, Vector<int>.Zero, Vector<int>.Zero, Vector<int>.Zero);
        var mask = new Vector<int>(int.MaxValue);
        for (; numbers.Length >= 4 * lanes; numbers = numbers[(4 * lanes)..])
        {
            first = Vector.Max(first, new Vector<int>(numbers) & mask);
            second = Vector.Max(second, new Vector<int>(numbers[lanes..]) & mask);
            third = Vector.Max(third, new Vector<int>(numbers[(2 * lanes)..]) & mask);
            fourth = Vector.Max(fourth, new Vector<int>(numbers[(3 * lanes)..]) & mask);
        }

        var (vector, most) = (Vector.Max(Vector.Max(first, second), Vector.Max(third, fourth)), 0);
        for (var lane = 0; lane < lanes; lane++)
        {
            most = Math.Max(most, vector[lane]);
        }

        foreach (var number in numbers)
        {
            most = Math.Max(most, number & int.MaxValue);
        }

        return BitConverter.Int32BitsToSingle(most);
    }
}
