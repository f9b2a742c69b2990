using System.Globalization;
using System.Numerics;

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
    /// <remarks>x − x is 0 for finite numbers and NaN for all others.</remarks>
    public static bool AllFinite(ReadOnlySpan<float> samples)
    {
        var i = 0;
        for (; i <= samples.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var values = new Vector<float>(samples[i..]);
            if (!Vector.EqualsAll(values - values, Vector<float>.Zero))
            {
                return false;
            }
        }

        return samples[i..].IndexOfAnyExceptFinite() < 0;
    }

    private static int IndexOfAnyExceptFinite(this ReadOnlySpan<float> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            if (!float.IsFinite(samples[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
