using Grainy.Core.Images;

namespace Grainy.Core.Attacks;

/// <summary>Several pictures on one.</summary>
public static class ContactSheet
{
    private const int Gap = 6;
    private const float Ground = 0.92f;

    /// <summary>Rows of pictures, each at its own size, on light grey.</summary>
    /// <param name="rows">At least one picture; grey ones are repeated to RGB.</param>
    public static ImageBuffer Compose(IReadOnlyList<IReadOnlyList<ImageBuffer>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var filled = rows.Where(row => row.Count > 0).ToArray();
        if (filled.Length == 0)
        {
            throw new ArgumentException("A contact sheet needs at least one picture.", nameof(rows));
        }

        var width = filled.Max(row => row.Sum(picture => picture.Width + Gap)) + Gap;
        var height = filled.Sum(row => row.Max(picture => picture.Height) + Gap) + Gap;
        var planes = new float[3 * width * height];
        Array.Fill(planes, Ground);
        var top = Gap;
        foreach (var row in filled)
        {
            var left = Gap;
            foreach (var picture in row)
            {
                Place(picture, planes, width, height, top, left);
                left += picture.Width + Gap;
            }

            top += row.Max(picture => picture.Height) + Gap;
        }

        return new ImageBuffer(3, height, width, planes);
    }

    /// <summary>What one picture has over another, enlarged around middle grey and clipped.</summary>
    public static ImageBuffer Difference(ImageBuffer picture, ImageBuffer other, double gain)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(other);
        if (!picture.HasSizeOf(other))
        {
            throw new ArgumentException("Only pictures of the same size have a difference.", nameof(other));
        }

        return new ImageBuffer(picture.Channels, picture.Height, picture.Width,
            [.. picture.Planes.Zip(other.Planes, (left, right) => (float)Math.Clamp(0.5 + (gain * (left - right)), 0, 1))]);
    }

    private static void Place(ImageBuffer picture, float[] planes, int width, int height, int top, int left)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            var source = picture.Plane(Math.Min(channel, picture.Channels - 1));
            for (var y = 0; y < picture.Height; y++)
            {
                source.Slice(y * picture.Width, picture.Width).CopyTo(planes.AsSpan((((channel * height) + top + y) * width) + left));
            }
        }
    }
}
