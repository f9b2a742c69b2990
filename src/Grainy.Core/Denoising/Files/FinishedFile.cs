using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Core.Denoising.Files;

/// <summary>Writes finished rows as PNG or TIFF with what the original says about itself: colour profile, resolution, orientation, EXIF, XMP, IPTC, description.</summary>
internal static class FinishedFile
{
    private const long LargestPlainTiff = 3_500_000_000;

    private static readonly string[] Kept =
        ["icc-profile-data", "exif-data", "xmp-data", "iptc-data", "photoshop-data", "orientation", "resolution-unit", "image-description", "png-comment-0"];

    /// <summary>Whole or not at all: to a temporary name beside it, then by renaming.</summary>
    /// <param name="rows">All pages, one below the other.</param>
    /// <param name="original">What to take over from; borrowed. Null: nothing.</param>
    /// <param name="path">The file.</param>
    /// <param name="png">Else TIFF.</param>
    /// <param name="pages">TIFF only, if more than one.</param>
    public static void Write(RawRows rows, VipsImage? original, string path, bool png, int pages)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using var bare = rows.Open();
            using var sized = original is null ? bare.Copy() : bare.Copy(xres: original.Xres, yres: original.Yres);
            using var described = sized.Mutate(image => Describe(image, original, pages > 1 ? sized.Height / pages : null));
            if (png)
            {
                described.Pngsave(temporary, compression: 6, keep: Enums.ForeignKeep.All);
            }
            else
            {
                var bytes = (long)described.Width * described.Height * described.Bands * 4;
                described.Tiffsave(
                    temporary, compression: Enums.ForeignTiffCompression.None, bigtiff: bytes > LargestPlainTiff, keep: Enums.ForeignKeep.All,
                    pageHeight: pages > 1 ? described.Height / pages : null);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Describe(MutableImage image, VipsImage? original, int? pageHeight)
    {
        foreach (var name in Kept)
        {
            if (original?.Contains(name) == true)
            {
                image.Set(original.GetTypeOf(name), name, original.Get(name));
            }
        }

        if (pageHeight is { } height)
        {
            image.Set(GValue.GIntType, "page-height", height);
        }
    }
}
