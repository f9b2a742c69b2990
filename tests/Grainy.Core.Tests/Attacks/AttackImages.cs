using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Noise;
using Grainy.Core.Tests.Metrics;
using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Attacks;

/// <summary>Small pictures with edges and textures, made in code.</summary>
internal static class AttackImages
{
    /// <summary>Metrics with the published weights.</summary>
    public static MetricCatalog Catalog => new(ReferenceImages.Weights);

    /// <summary>Metrics that need no installed weights.</summary>
    public static MetricCatalog Bare { get; } = new(new WeightStore([]));

    /// <summary>Coloured tiles of 8 pixels with shading.</summary>
    public static ImageBuffer Tiles(int side) => ImageFixtures.Make(
        3, side, side, (c, y, x) => (((x / 8 * (3 + c)) + (y / 8 * 5) + (c * 2)) % 7 / 8.0) + (0.1 * Math.Sin(0.3 * (x + y))) + 0.1);

    /// <summary>Discs on a ramp.</summary>
    public static ImageBuffer Discs(int side) => ImageFixtures.Make(
        3, side, side, (c, y, x) => Math.Pow((x % 21) - 10, 2) + Math.Pow((y % 21) - 10, 2) < 50 ? 0.85 - (0.25 * c) : (0.2 * c) + (0.5 * y / side));

    public static ImageBuffer Noisy(ImageBuffer image, double sigma) => GaussianNoise.Corrupt(image, sigma, 11);
}
