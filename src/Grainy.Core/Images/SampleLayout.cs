using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Core.Images;

/// <summary>How the samples of an opened file become floats.</summary>
/// <param name="Format">The decoder's type of sample.</param>
/// <param name="Channels">1 or 3, without alpha.</param>
/// <param name="HasAlpha">True when further bands are to be dropped.</param>
/// <param name="BitDepth">8, 16 or 32.</param>
/// <param name="Note">What is unusual, in words.</param>
internal readonly record struct SampleLayout(Enums.BandFormat Format, int Channels, bool HasAlpha, int BitDepth, string? Note)
{
    /// <summary>True for samples that are taken as they are.</summary>
    public bool IsFloat => Format == Enums.BandFormat.Float;

    /// <summary>Looks at an opened file.</summary>
    /// <exception cref="ImageFormatException">Colours or samples without an agreed meaning here.</exception>
    public static SampleLayout Of(ImageFormat format, VipsImage image)
    {
        var name = format.Name();
        if (image.Coding != Enums.Coding.None || image.Interpretation is Enums.Interpretation.Lab or Enums.Interpretation.Labs or Enums.Interpretation.Labq
            or Enums.Interpretation.Xyz or Enums.Interpretation.Lch or Enums.Interpretation.Yxy or Enums.Interpretation.Hsv)
        {
            throw new ImageFormatException($"The {name} image is in {image.Interpretation} colours; convert it to RGB or grey first.");
        }

        if (image.Interpretation == Enums.Interpretation.Cmyk)
        {
            throw new ImageFormatException($"The {name} image is in CMYK (print) colours, whose look depends on the press; convert it to RGB first.");
        }

        var hasAlpha = image.HasAlpha();
        var channels = image.Bands - (hasAlpha ? 1 : 0);
        if (channels is not (1 or 3))
        {
            throw new ImageFormatException($"The {name} image has {image.Bands} channels; grey or RGB, with or without alpha, can be read: split it first.");
        }

        var depth = image.Format switch
        {
            Enums.BandFormat.Uchar => 8,
            Enums.BandFormat.Ushort => 16,
            Enums.BandFormat.Uint or Enums.BandFormat.Float => 32,
            Enums.BandFormat.Double => throw new ImageFormatException($"The {name} image has 64-bit samples; save it as 32-bit float."),
            Enums.BandFormat.Complex or Enums.BandFormat.Dpcomplex => throw new ImageFormatException(
                $"The {name} image has complex samples; save its magnitude as 32-bit float."),
            _ => throw new ImageFormatException(
                $"The {name} image has signed integer samples, which have no agreed black and white; save it as unsigned 16-bit or 32-bit float."),
        };
        return new SampleLayout(image.Format, channels, hasAlpha, depth, Unusual(image, depth));
    }

    private static string? Unusual(VipsImage image, int depth)
    {
        if (image.Contains("palette"))
        {
            return "palette expanded to colours";
        }

        var bits = image.Contains("bits-per-sample") ? Convert.ToInt32(image.Get("bits-per-sample"), null) : depth;
        return bits < 8 ? $"{bits}-bit samples, spread over the whole range" : null;
    }
}
