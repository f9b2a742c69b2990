using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Corruption;

/// <summary>Random words in a small fixed font over an image; each word has a place, a size and a colour of its own.</summary>
internal static class TextOverlay
{
    private const int GlyphWidth = 5;
    private const int GlyphHeight = 7;

    // 5 × 7 dots per sign, one byte per row from the top, its five low bits from left to right: A–Z, 0–9.
    private static readonly string[] Glyphs =
    [
        "0E11111F111111", "1E11111E11111E", "0E11101010110E", "1E11111111111E", "1F10101E10101F", "1F10101E101010", "0E11101711110F", "1111111F111111",
        "0E04040404040E", "0702020202120C", "11121418141211", "1010101010101F", "111B1515111111", "11191513111111", "0E11111111110E", "1E11111E101010",
        "0E11111115120D", "1E11111E141211", "0F10100E01011E", "1F040404040404", "1111111111110E", "11111111110A04", "11111115151B11", "11110A040A1111",
        "11110A04040404", "1F01020408101F", "0E11131519110E", "040C040404040E", "0E11010204081F", "1F02040201110E", "02060A121F0202", "1F101E0101110E",
        "0608101E11110E", "1F010204080808", "0E11110E11110E", "0E11110F01020C",
    ];

    private static readonly byte[][] Rows = [.. Glyphs.Select(Convert.FromHexString)];

    /// <summary>Writes over <paramref name="planes"/> until the share of covered pixels is reached, to within one sign.</summary>
    /// <returns>For each pixel whether it is still free.</returns>
    public static bool[] Draw(float[] planes, ImageBuffer image, double share, ref CounterRandom random)
    {
        var valid = new bool[image.Width * image.Height];
        Array.Fill(valid, true);
        var wanted = (int)(share * valid.Length);
        var covered = 0;
        var largest = Math.Clamp(Math.Min(image.Width, image.Height) / 64, 1, 8);
        var colour = new float[image.Channels];
        while (covered < wanted)
        {
            var size = 1 + (int)(random.NextDouble() * largest);
            var (left, top) = ((int)random.Between(-GlyphWidth * size, image.Width), (int)random.Between(-GlyphHeight * size, image.Height));
            for (var c = 0; c < colour.Length; c++)
            {
                colour[c] = (float)random.NextDouble();
            }

            var length = 2 + (int)(random.NextDouble() * 9);
            for (var sign = 0; sign < length && covered < wanted; sign++)
            {
                covered += Sign(planes, valid, image, Rows[(int)(random.NextDouble() * Rows.Length)], left + (sign * (GlyphWidth + 1) * size), top, size, colour);
            }
        }

        return valid;
    }

    // Returns the pixels that were free before.
    private static int Sign(float[] planes, bool[] valid, ImageBuffer image, byte[] rows, int left, int top, int size, float[] colour)
    {
        var fresh = 0;
        for (var y = Math.Max(0, -top); y < GlyphHeight * size && top + y < image.Height; y++)
        {
            for (var x = Math.Max(0, -left); x < GlyphWidth * size && left + x < image.Width; x++)
            {
                if (((rows[y / size] >> (GlyphWidth - 1 - (x / size))) & 1) == 0)
                {
                    continue;
                }

                var i = ((top + y) * image.Width) + left + x;
                fresh += valid[i] ? 1 : 0;
                valid[i] = false;
                for (var c = 0; c < colour.Length; c++)
                {
                    planes[(c * valid.Length) + i] = colour[c];
                }
            }
        }

        return fresh;
    }
}
