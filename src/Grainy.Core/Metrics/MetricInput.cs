using Grainy.Core.Images;

namespace Grainy.Core.Metrics;

/// <summary>Which numbers a metric is defined on.</summary>
public enum MetricColours
{
    /// <summary>The samples as they are stored, whatever they stand for.</summary>
    Stored,

    /// <summary>Display values (sRGB): samples that are proportional to light are sent through sRGB's curve first.</summary>
    Display,
}

/// <summary>
/// What a metric declares about the images it is defined on. Images are converted to it by rules that are written down, and never by a guess from their
/// content:
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Integer files become [0, 1] when they are read: 8-bit samples are divided by 255, 16-bit ones by 65,535. Floating-point files are taken as they are;
/// where white is not 1, <see cref="MetricOptions.DataRange"/> says what it is.</item>
/// <item>Values outside of [0, 1], as noise and networks make them, are kept and not clipped. Beyond eight times the range an image is refused: its range was
/// not stated, and every value would be meaningless.</item>
/// <item>Alpha is dropped when a file is read; the colours under it count as they are stored.</item>
/// <item>Grey is taken as RGB with three equal channels, by metrics that need colour and where the other image has colour.</item>
/// <item>Linear data (<see cref="SampleEncoding.Linear"/>) is sent through sRGB's curve for metrics on display values; the others take it as stored.</item>
/// <item>Images are never scaled or cropped to fit.</item>
/// </list>
/// </remarks>
/// <param name="Low">The value of black.</param>
/// <param name="High">The value of white.</param>
/// <param name="Colours">Which numbers.</param>
/// <param name="Channels">3 for RGB; null where each channel is measured by itself and the mean taken.</param>
/// <param name="SmallestSide">In pixels.</param>
public sealed record MetricInput(double Low, double High, MetricColours Colours, int? Channels, int SmallestSide)
{
    // Display values with noise and overshoot stay far below; 0…255 or 0…65535 does not.
    private const float MostRanges = 8;

    /// <summary>Of metrics on single channels in [0, 1], as stored.</summary>
    public static MetricInput PerChannel(int smallestSide) => new(0, 1, MetricColours.Stored, null, smallestSide);

    /// <summary>Of networks trained on RGB photographs in [0, 1].</summary>
    public static MetricInput Photographs(int smallestSide) => new(0, 1, MetricColours.Display, 3, smallestSide);

    /// <summary>For fingerprints.</summary>
    internal static string Describe(MetricOptions options) => FormattableString.Invariant(
        $"range {(options.DataRange == 1 ? "[0,1]" : $"[0,{options.DataRange:R}]")}{(options.Encoding == SampleEncoding.Linear ? " linear" : "")}");

    /// <summary>Both images as the metric wants them.</summary>
    /// <exception cref="MetricInputException">They cannot be compared.</exception>
    internal (ImageBuffer A, ImageBuffer B) Convert(ImageBuffer a, ImageBuffer b, string metric, MetricOptions options)
    {
        Require(a, b, metric, options);
        var colour = Channels == 3 || a.Channels != b.Channels;
        return (Convert(a, colour, options), Convert(b, colour, options));
    }

    /// <summary>A reference and candidates, each of which is the first image of its comparison, as a metric on colours wants them.</summary>
    /// <exception cref="MetricInputException">One of them cannot be compared.</exception>
    internal (ImageBuffer Reference, ImageBuffer[] Candidates) Convert(
        ImageBuffer reference, IReadOnlyList<ImageBuffer> candidates, string metric, MetricOptions options)
    {
        foreach (var candidate in candidates)
        {
            Require(candidate, reference, metric, options);
        }

        return (Convert(reference, colour: true, options), [.. candidates.Select(candidate => Convert(candidate, colour: true, options))]);
    }

    /// <summary>Passes when both images can be converted and compared.</summary>
    /// <exception cref="MetricInputException">They cannot.</exception>
    public void Require(ImageBuffer a, ImageBuffer b, string metric, MetricOptions options)
    {
        MetricInputs.RequireSizes(a, b, metric, SmallestSide);
        var (first, second) = (MetricInputs.RequireFinite(a, "first"), MetricInputs.RequireFinite(b, "second"));
        RequireRange(first, "first", metric, options);
        RequireRange(second, "second", metric, options);
    }

    private static void RequireRange(float largest, string which, string metric, MetricOptions options)
    {
        if (largest > MostRanges * options.DataRange)
        {
            throw new MetricInputException(FormattableString.Invariant(
                $"The {which} image reaches {largest:G4}, but {metric} expects values in about [0, {options.DataRange:R}]: ")
                + "state the data range (the value of white), or scale the image first.");
        }
    }

    private ImageBuffer Convert(ImageBuffer image, bool colour, MetricOptions options)
    {
        var scaled = options.DataRange == 1 ? image : image.Map(sample => (float)(sample / options.DataRange));
        var encoded = Colours == MetricColours.Display && options.Encoding == SampleEncoding.Linear ? scaled.Map(SrgbCurve.Encode) : scaled;
        return colour ? encoded.ToRgb() : encoded;
    }
}
