using Grainy.Core.Images;
using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Metrics;

/// <summary>The images and synthetic patterns for which distances are published or were computed independently.</summary>
internal static class ReferenceImages
{
    public static WeightStore Weights => new([SharedData.Require("weights")]);

    /// <summary>An 8-bit image of the metrics folder; alpha is dropped, not composited.</summary>
    public static ImageBuffer Load(string relative)
    {
        using var all = NetVips.Image.NewFromFile(SharedData.Require("data/metrics/" + relative));
        using var rgb = all.ExtractBand(0, n: 3);
        var bytes = rgb.WriteToMemory<byte>();
        return ImageFixtures.Make(3, rgb.Height, rgb.Width, (c, y, x) => bytes[((((y * rgb.Width) + x) * 3) + c)] / 255f);
    }

    /// <summary>((x·kx + y·ky + c·kc + k0) mod 256) / 255.</summary>
    public static ImageBuffer Synthetic(int kx, int ky, int kc, int k0, int height, int width) =>
        ImageFixtures.Make(3, height, width, (c, y, x) => ((x * kx) + (y * ky) + (c * kc) + k0) % 256 / 255f);

    public static ImageBuffer Flat(float value, int side) => ImageFixtures.Make(3, side, side, (_, _, _) => value);
}
