using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Grainy.Core.Images;
using Grainy.Core.Metrics.Perceptual;

namespace Grainy.Core.Metrics.ELpips;

/// <summary>
/// Pieces of a picture as it looks after a transform, gathered from the rows and columns of the picture itself, so that the transformed picture as a whole is never
/// in memory. Gives what <see cref="ELpipsTransform.Apply"/> gives, ready for a network.
/// </summary>
/// <param name="image">Grey is taken as equal channels.</param>
/// <param name="transform">What it goes through.</param>
internal sealed class TransformedPicture(ImageBuffer image, ELpipsTransform transform)
{
    /// <summary>Size of a picture after a transform, in pixels.</summary>
    public static (int Height, int Width) SizeOf(ImageBuffer image, ELpipsTransform transform)
    {
        var (height, width) = (transform.ResultingSide(image.Height), transform.ResultingSide(image.Width));
        return transform.Transpose ? (width, height) : (height, width);
    }

    /// <summary>Cuts out a piece, scaled and shifted as the networks want it (see <see cref="FeatureDistance.Input"/>).</summary>
    /// <param name="rows">First row and one behind the last.</param>
    /// <param name="columns">First column and one behind the last.</param>
    /// <param name="pixels">Rows · columns · 3 samples, pixel after pixel.</param>
    public void Cut((int From, int To) rows, (int From, int To) columns, Span<float> pixels)
    {
        var (down, across) = transform.Transpose ? (columns, rows) : (rows, columns);
        var sources = Sources(across, image.Width, transform.FlipColumns, transform.Shift?.X, transform.Phase.X);
        var lines = Sources(down, image.Height, transform.FlipRows, transform.Shift?.Y, transform.Phase.Y);
        int[] from = [transform.Permutation.R, transform.Permutation.G, transform.Permutation.B];
        float[] factors = [transform.Factors.R, transform.Factors.G, transform.Factors.B];
        if (transform is { Scale: 1, Transpose: false } && image.Channels == 3 && IsRun(sources))
        {
            CutRows(lines, sources[0], sources.Length, pixels, from, factors);
            return;
        }

        // Steps in the result for one line and one place of the source.
        var width = columns.To - columns.From;
        var (lineStep, placeStep) = transform.Transpose ? (3, 3 * width) : (3 * width, 3);
        var sum = new float[transform.Scale == 1 ? 0 : image.Width];
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = image.Plane(image.Channels == 1 ? 0 : from[channel]);
            var (gain, offset) = FeatureDistance.Input(channel);
            gain *= factors[channel] / (transform.Scale * transform.Scale);
            for (var line = 0; line < lines.Length / transform.Scale; line++)
            {
                var target = pixels[((line * lineStep) + channel)..];
                var source = Line(plane, lines.AsSpan(line * transform.Scale, transform.Scale), sources, sum);
                if (transform.Scale == 1)
                {
                    for (int place = 0, at = 0; place < sources.Length; place++, at += placeStep)
                    {
                        target[at] = (source[sources[place]] * gain) + offset;
                    }
                }
                else
                {
                    for (int place = 0, at = 0; place < sources.Length; place += transform.Scale, at += placeStep)
                    {
                        target[at] = (Sum(source, sources.AsSpan(place, transform.Scale)) * gain) + offset;
                    }
                }
            }
        }
    }

    // Rows that need nothing but to be put together, a few pixels at once.
    private unsafe void CutRows(int[] lines, int first, int count, Span<float> pixels, int[] from, float[] factors)
    {
        var ((redGain, redOffset), (greenGain, greenOffset), (blueGain, blueOffset)) = (FeatureDistance.Input(0), FeatureDistance.Input(1), FeatureDistance.Input(2));
        (redGain, greenGain, blueGain) = (redGain * factors[0], greenGain * factors[1], blueGain * factors[2]);
        fixed (float* planes = image.Planes, start = pixels)
        {
            var to = start;
            foreach (var line in lines)
            {
                var at = planes + ((long)line * image.Width) + first;
                var red = at + ((long)from[0] * image.Height * image.Width);
                var green = at + ((long)from[1] * image.Height * image.Width);
                var blue = at + ((long)from[2] * image.Height * image.Width);
                var place = 0;
                for (; Sse.IsSupported && place <= count - Vector128<float>.Count; place += Vector128<float>.Count, to += 3 * Vector128<float>.Count)
                {
                    var r = (Vector128.Load(red + place) * redGain) + Vector128.Create(redOffset);
                    var g = (Vector128.Load(green + place) * greenGain) + Vector128.Create(greenOffset);
                    var b = (Vector128.Load(blue + place) * blueGain) + Vector128.Create(blueOffset);
                    var (low, high) = (Sse.UnpackLow(r, g), Sse.UnpackHigh(r, g));
                    Sse.Shuffle(low, Sse.Shuffle(b, low, 0b10_10_00_00), 0b10_00_01_00).Store(to);
                    Sse.Shuffle(Sse.Shuffle(low, b, 0b01_01_11_11), high, 0b01_00_10_00).Store(to + 4);
                    Sse.Shuffle(Sse.Shuffle(b, high, 0b10_10_10_10), Sse.Shuffle(high, b, 0b11_11_11_11), 0b10_00_10_00).Store(to + 8);
                }

                for (; place < count; place++, to += 3)
                {
                    to[0] = (red[place] * redGain) + redOffset;
                    to[1] = (green[place] * greenGain) + greenOffset;
                    to[2] = (blue[place] * blueGain) + blueOffset;
                }
            }
        }
    }

    private static bool IsRun(int[] places)
    {
        for (var i = 1; i < places.Length; i++)
        {
            if (places[i] != places[0] + i)
            {
                return false;
            }
        }

        return places.Length > 0;
    }

    // The row itself, or the sum of the rows of a block over the columns that are needed.
    private ReadOnlySpan<float> Line(ReadOnlySpan<float> plane, ReadOnlySpan<int> rows, int[] columns, float[] sum)
    {
        if (rows.Length == 1)
        {
            return plane.Slice(rows[0] * image.Width, image.Width);
        }

        var (least, most) = (image.Width, 0);
        foreach (var column in columns)
        {
            (least, most) = (Math.Min(least, column), Math.Max(most, column));
        }

        var target = sum.AsSpan(least, most - least + 1);
        plane.Slice((rows[0] * image.Width) + least, target.Length).CopyTo(target);
        foreach (var row in rows[1..])
        {
            Add(target, plane.Slice((row * image.Width) + least, target.Length));
        }

        return sum;
    }

    private static void Add(Span<float> target, ReadOnlySpan<float> values)
    {
        var sums = MemoryMarshal.Cast<float, Vector<float>>(target);
        var addends = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += addends[i];
        }

        for (var i = sums.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] += values[i];
        }
    }

    private static float Sum(ReadOnlySpan<float> line, ReadOnlySpan<int> places)
    {
        var sum = 0f;
        foreach (var place in places)
        {
            sum += line[place];
        }

        return sum;
    }

    // For each place of the result, the places of the source that are averaged along this axis.
    private int[] Sources((int From, int To) range, int side, bool flip, int? shift, int phase)
    {
        var (scale, scaled, result) = (transform.Scale, ELpipsTransform.ScaledSide(side, transform.Scale), transform.ResultingSide(side));
        var sources = new int[(range.To - range.From) * scale];
        for (var i = 0; i < range.To - range.From; i++)
        {
            var place = flip ? result - 1 - range.From - i : range.From + i;
            var block = shift is { } before ? Mirror.Index(place - (ELpipsTransform.LargestShift - before), scaled) : place;
            for (var k = 0; k < scale; k++)
            {
                sources[(i * scale) + k] = Mirror.Index((block * scale) - phase + k, side);
            }
        }

        return sources;
    }
}
