using Grainy.Core.Attacks;
using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Weights;
using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Benchmarks.Blending;

/// <summary>Images that blends are measured on, and sheets of pictures.</summary>
internal static class BlendPictures
{
    private static readonly string Shared = Environment.GetEnvironmentVariable("GRAINY_SHARED")
        ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "..", "shared"));

    public static WeightStore Weights { get; } = new([Path.Combine(Shared, "weights")]);

    /// <summary>The middle square of an image of others, scaled.</summary>
    public static ImageBuffer Square(string relative, int side)
    {
        var image = ImageReader.Read(Path.Combine(Shared, "data", relative)).Image;
        var cut = Math.Min(image.Width, image.Height);
        var (top, left) = ((image.Height - cut) / 2, (image.Width - cut) / 2);
        var planes = new float[image.Channels * cut * cut];
        for (var row = 0; row < image.Channels * cut; row++)
        {
            image.Plane(row / cut).Slice(((top + (row % cut)) * image.Width) + left, cut).CopyTo(planes.AsSpan(row * cut));
        }

        return Resize.To(new ImageBuffer(image.Channels, cut, cut, planes), side, side);
    }

    /// <summary>Writes rows of pictures as one JPEG into the folder of a result, below 400 kB; returns its name for links.</summary>
    public static string Sheet(string result, string name, params IReadOnlyList<ImageBuffer>[] rows)
    {
        var sheet = ContactSheet.Compose(rows);
        var folder = Directory.CreateDirectory(Machine.Results(result)).FullName;
        using var png = new MemoryStream();
        ImageWriter.Write(sheet, png, OutputFormat.Png8);
        using var image = VipsImage.NewFromBuffer(png.ToArray());
        for (var quality = 90; quality >= 30; quality -= 10)
        {
            var bytes = image.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None);
            if (bytes.Length <= 400_000 || quality == 30)
            {
                File.WriteAllBytes(Path.Combine(folder, name + ".jpg"), bytes);
                break;
            }
        }

        return $"{Path.GetFileName(folder)}/{name}.jpg";
    }

    /// <summary>Final picture of the only frame.</summary>
    public static BlendStep Mixture(IReadOnlyList<ImageBuffer> images, IReadOnlyList<double> weights, BlendOptions options) =>
        PerceptualBlend.Run(images, options with { Frames = [new BlendTarget(0, weights)] }, Weights, CancellationToken.None).Last(step => step.Picture is not null);
}
