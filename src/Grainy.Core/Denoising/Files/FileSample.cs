using Grainy.Core.Images;

namespace Grainy.Core.Denoising.Files;

/// <summary>
/// What stands for a whole image where its range and noise are estimated: the image itself up to four megapixels, else 64 squares from all over it, put together.
/// </summary>
internal static class FileSample
{
    private const long Whole = 4_000_000;
    private const int Side = 256;
    private const int Along = 8;

    /// <summary>Reads the page once.</summary>
    public static ImageBuffer Of(FileRows rows)
    {
        if ((long)rows.Width * rows.Height <= Whole)
        {
            return rows.Read(0, rows.Height);
        }

        var (across, down) = (Math.Clamp(rows.Width / Side, 1, Along), Math.Clamp(rows.Height / Side, 1, Along));
        var (width, height) = (Math.Min(Side, rows.Width), Math.Min(Side, rows.Height));
        var planes = new float[rows.Channels * across * width * down * height];
        for (var row = 0; row < down; row++)
        {
            var band = rows.Read(Start(row, down, rows.Height, height), height);
            for (var channel = 0; channel < rows.Channels; channel++)
            {
                var source = band.Plane(channel);
                for (var place = 0; place < across * height; place++)
                {
                    var (y, column) = (place / across, place % across);
                    var target = ((((channel * down) + row) * height) + y) * across * width;
                    source.Slice((y * rows.Width) + Start(column, across, rows.Width, width), width).CopyTo(planes.AsSpan(target + (column * width)));
                }
            }
        }

        return new ImageBuffer(rows.Channels, down * height, across * width, planes);
    }

    private static int Start(int index, int count, int length, int part) => count == 1 ? 0 : (int)((long)(length - part) * index / (count - 1));
}
