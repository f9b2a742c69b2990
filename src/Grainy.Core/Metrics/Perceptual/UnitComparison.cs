using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Grainy.Core.Convolutions;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// Mean over the places of Σ_c w_c (a_c/|a| − b_c/|b|)² for each of several pictures and each of several references, and its gradient with respect to the pictures' features.
/// Lines are added up in a fixed order, whoever computes them.
/// </summary>
internal static unsafe class UnitComparison
{
    private const float Epsilon = 1e-10f;
    private const int Lanes = 8;
    private const int MostReferences = 64;

    /// <summary>One over the length of the features at each place of all images.</summary>
    public static float[] InverseLengths(FeatureMap features)
    {
        var inverse = new float[features.Count * features.Height * features.Width];
        Spread.For(features.Count * features.Height, line =>
        {
            var at = features.Data + ((long)line * features.Width * features.Channels);
            for (var place = 0; place < features.Width; place++, at += features.Channels)
            {
                inverse[(line * features.Width) + place] = Inverse(at, features.Channels);
            }
        });
        return inverse;
    }

    /// <summary>The means, reference after reference: one for each of <paramref name="pictures"/>.</summary>
    /// <param name="pictures">N; borrowed.</param>
    /// <param name="references">M of the same size, at most 64; borrowed.</param>
    /// <param name="inverse">Of <see cref="InverseLengths"/> for the references.</param>
    /// <param name="weights">Of the channels.</param>
    public static double[] Means(FeatureMap pictures, FeatureMap references, float[] inverse, float[] weights)
    {
        Require(pictures, references, weights);
        var (lines, count) = (pictures.Count * pictures.Height, references.Count);
        var perLine = new double[lines * count];
        Spread.For(lines, line =>
        {
            var sums = stackalloc double[count];
            new Span<double>(sums, count).Clear();
            fixed (float* weight = weights, lengths = inverse)
            {
                Sum(Line.Of(pictures, references, line, lengths, weight), sums);
            }

            new ReadOnlySpan<double>(sums, count).CopyTo(perLine.AsSpan(line * count));
        });
        var means = new double[count * pictures.Count];
        for (var i = 0; i < perLine.Length; i++)
        {
            means[(i % count * pictures.Count) + (i / count / pictures.Height)] += perLine[i] / ((double)pictures.Height * pictures.Width);
        }

        return means;
    }

    /// <summary>Gradient of a sum of means, with respect to the pictures' features.</summary>
    /// <param name="pictures">N; borrowed.</param>
    /// <param name="references">M of the same size, at most 64; borrowed.</param>
    /// <param name="inverse">Of <see cref="InverseLengths"/> for the references.</param>
    /// <param name="weights">Of the channels.</param>
    /// <param name="factors">Of the means, in their order.</param>
    /// <param name="gradient">Of the pictures' size; is added to where <paramref name="add"/> is set, else overwritten.</param>
    /// <param name="add">There is a gradient already.</param>
    /// <param name="rectified">Nothing is left where the features are not positive.</param>
    public static void Gradient(
        FeatureMap pictures, FeatureMap references, float[] inverse, float[] weights, ReadOnlySpan<float> factors, FeatureMap gradient, bool add, bool rectified)
    {
        Require(pictures, references, weights);
        var slopes = factors.ToArray();
        for (var i = 0; i < slopes.Length; i++)
        {
            slopes[i] *= 2f / (pictures.Height * pictures.Width);
        }

        Spread.For(pictures.Count * pictures.Height, line =>
        {
            var ofReferences = stackalloc float[references.Count];
            for (var reference = 0; reference < references.Count; reference++)
            {
                ofReferences[reference] = slopes[(reference * pictures.Count) + (line / pictures.Height)];
            }

            var room = stackalloc float[pictures.Channels];
            fixed (float* weight = weights, lengths = inverse)
            {
                var to = gradient.Data + ((long)line * gradient.Width * gradient.Channels);
                Back(Line.Of(pictures, references, line, lengths, weight), ofReferences, room, to, add, rectified);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(Line line, double* sums)
    {
        var left = line.Picture;
        var right = line.Reference;
        var channels = line.Channels;
        for (var place = 0; place < line.Places; place++, left += channels, right += channels)
        {
            var scale = Inverse(left, channels);
            var reference = right;
            for (var i = 0; i < line.References; i++, reference += line.Image)
            {
                sums[i] += Difference(left, scale, reference, line.Inverse[(i * line.ImagePlaces) + place], line.Weights, channels);
            }
        }
    }

    // The gradient of (a/|a|)_c is v ↦ (v − u·(u·v)) / |a| with u = a/|a|.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Back(Line line, float* slopes, float* room, float* to, bool add, bool rectified)
    {
        var left = line.Picture;
        var right = line.Reference;
        var channels = line.Channels;
        for (var place = 0; place < line.Places; place++, left += channels, right += channels, to += channels)
        {
            var square = Square(left, channels);
            // Shorter ones are taken as if they had this length, which has no slope.
            var (length, curved) = (MathF.Sqrt(MathF.Max(square, 1e-20f)), square > 1e-20f);
            var scale = 1 / (length + Epsilon);
            var along = Pull(line, place, left, scale, right, slopes, room) * (curved ? scale / length : 0);
            Project(left, room, channels, scale, along, to, add, rectified);
        }
    }

    // Writes the gradient with respect to the unit features, and returns its product with the features.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Pull(Line line, int place, float* left, float scale, float* right, float* slopes, float* room)
    {
        var (factor, along) = (Vector256.Create(scale), Vector256<float>.Zero);
        var channel = 0;
        for (; channel <= line.Channels - Lanes; channel += Lanes)
        {
            var value = Vector256.Load(left + channel);
            var (unit, sum) = (value * factor, Vector256<float>.Zero);
            var reference = right + channel;
            for (var i = 0; i < line.References; i++, reference += line.Image)
            {
                sum += (unit - (Vector256.Load(reference) * line.Inverse[(i * line.ImagePlaces) + place])) * slopes[i];
            }

            sum *= Vector256.Load(line.Weights + channel);
            sum.Store(room + channel);
            along += sum * value;
        }

        var total = Vector256.Sum(along);
        for (; channel < line.Channels; channel++)
        {
            var sum = 0f;
            for (var i = 0; i < line.References; i++)
            {
                sum += ((left[channel] * scale) - (right[channel + (i * line.Image)] * line.Inverse[(i * line.ImagePlaces) + place])) * slopes[i];
            }

            room[channel] = sum * line.Weights[channel];
            total += room[channel] * left[channel];
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Project(float* values, float* pulls, int channels, float scale, float along, float* to, bool add, bool rectified)
    {
        var (factor, less) = (Vector256.Create(scale), Vector256.Create(along * scale));
        var channel = 0;
        for (; channel <= channels - Lanes; channel += Lanes)
        {
            var value = Vector256.Load(values + channel);
            var result = (Vector256.Load(pulls + channel) * factor) - (value * less);
            result = add ? result + Vector256.Load(to + channel) : result;
            (rectified ? result & Vector256.GreaterThan(value, default) : result).Store(to + channel);
        }

        for (; channel < channels; channel++)
        {
            var result = (pulls[channel] * scale) - (values[channel] * along * scale) + (add ? to[channel] : 0);
            to[channel] = rectified && values[channel] <= 0 ? 0 : result;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Difference(float* left, float leftFactor, float* right, float rightFactor, float* weights, int count)
    {
        var (first, second, sum) = (Vector256.Create(leftFactor), Vector256.Create(rightFactor), Vector256<float>.Zero);
        var i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            var difference = (Vector256.Load(left + i) * first) - (Vector256.Load(right + i) * second);
            sum += difference * difference * Vector256.Load(weights + i);
        }

        var total = Vector256.Sum(sum);
        for (; i < count; i++)
        {
            var difference = (left[i] * leftFactor) - (right[i] * rightFactor);
            total += difference * difference * weights[i];
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Inverse(float* values, int count) => 1 / (MathF.Sqrt(MathF.Max(Square(values, count), 1e-20f)) + Epsilon);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Square(float* values, int count)
    {
        // Two sums, so that an addition need not wait for the one before.
        var (even, odd) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var i = 0;
        for (; i <= count - (2 * Lanes); i += 2 * Lanes)
        {
            var (first, second) = (Vector256.Load(values + i), Vector256.Load(values + i + Lanes));
            even += first * first;
            odd += second * second;
        }

        var square = Vector256.Sum(even + odd);
        for (; i < count; i++)
        {
            square += values[i] * values[i];
        }

        return square;
    }

    private static void Require(FeatureMap pictures, FeatureMap references, float[] weights)
    {
        if ((pictures.Height, pictures.Width, pictures.Channels) != (references.Height, references.Width, references.Channels) || weights.Length != pictures.Channels)
        {
            throw new ArgumentException($"Features of {pictures.Height} × {pictures.Width} × {pictures.Channels} cannot be compared with those of "
                + $"{references.Height} × {references.Width} × {references.Channels} by {weights.Length} weights.", nameof(references));
        }

        if (references.Count > MostReferences)
        {
            throw new ArgumentException($"There are {references.Count} references; at most {MostReferences} can be compared with at once.", nameof(references));
        }
    }

    // A line of a picture, and the same line of the first reference.
    private readonly struct Line
    {
        public float* Picture { get; private init; }

        public float* Reference { get; private init; }

        public float* Inverse { get; private init; }

        public float* Weights { get; private init; }

        public int Places { get; private init; }

        public int Channels { get; private init; }

        public int References { get; private init; }

        // Numbers and places of an image.
        public nint Image { get; private init; }

        public nint ImagePlaces { get; private init; }

        public static Line Of(FeatureMap pictures, FeatureMap references, int line, float* inverse, float* weights)
        {
            var places = (nint)references.Height * references.Width;
            var offset = line % pictures.Height * (nint)references.Width;
            return new Line
            {
                Picture = pictures.Data + ((nint)line * pictures.Width * pictures.Channels),
                Reference = references.Data + (offset * references.Channels),
                Inverse = inverse + offset,
                Weights = weights,
                Places = pictures.Width,
                Channels = pictures.Channels,
                References = references.Count,
                Image = places * references.Channels,
                ImagePlaces = places,
            };
        }
    }
}
