using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Samples;

/// <summary>
/// A star field as a telescope sees it: Moffat-shaped stars with a power law of brightness, a faint nebula, the glow of the sky, a little vignetting.
/// </summary>
internal static class StarField
{
    private const int Width = 512;
    private const int Height = 384;
    private const int Stars = 900;
    private const double Sky = 0.008;
    private const double Faintest = 0.0016; // brightness at the centre
    private const double Slope = 1.05; // N(brighter than f) ~ f^−slope
    private const double Beta = 3.2; // of the Moffat profile
    private const double FullWidth = 2.4; // at half maximum, in pixels

    /// <summary>Photons are few: the sky has 160 electrons.</summary>
    public static PhotonSensor Sensor { get; } = new(20_000, 9);

    /// <summary>The field without noise; grey, 512 × 384, the sky near 0.008 and the brightest stars near 1.</summary>
    public static ImageBuffer Render(ulong seed)
    {
        var light = new double[Width * Height];
        AddNebula(light, seed);
        var random = CounterRandom.For(seed, "samples.stars");
        for (var i = 0; i < Stars; i++)
        {
            var peak = Math.Min(0.95, Faintest * Math.Pow(1 - random.NextDouble(), -1 / Slope));
            AddStar(light, random.Between(-4, Width + 4), random.Between(-4, Height + 4), peak);
        }

        AddCluster(light, ref random);
        var planes = new float[light.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            double x = ((i % Width) - (Width / 2.0)) / Width, y = ((i / Width) - (Height / 2.0)) / Width;
            planes[i] = (float)Math.Min(1, light[i] * (1 - (0.35 * ((x * x) + (y * y)))));
        }

        return new ImageBuffer(1, Height, Width, planes);
    }

    private static void AddNebula(double[] light, ulong seed)
    {
        var gas = new FractalNoise(seed, "samples.stars.gas");
        var dust = new FractalNoise(seed, "samples.stars.dust");
        for (var i = 0; i < light.Length; i++)
        {
            float x = i % Width / 120f, y = i / Width / 120f;
            float warpX = x + (0.7f * gas.Sum(x + 5, y, 3)), warpY = y + (0.7f * gas.Sum(x, y + 9, 3));
            var glow = Math.Max(0, gas.Sum(warpX, warpY, 6, 0.55f) + 0.25f);
            var filaments = dust.Ridged(warpX * 0.9f, warpY * 0.9f, 5);
            light[i] = Sky + (0.012 * glow * glow * (0.35 + (1.3 * filaments)));
        }
    }

    // A loose open cluster: twenty bright stars drawn towards one point.
    private static void AddCluster(double[] light, ref CounterRandom random)
    {
        double x = random.Between(0.25, 0.75) * Width, y = random.Between(0.25, 0.75) * Height;
        for (var i = 0; i < 40; i++)
        {
            var peak = Math.Min(0.9, 0.01 * Math.Pow(1 - random.NextDouble(), -0.8));
            AddStar(light, x + (28 * random.NextNormal()), y + (28 * random.NextNormal()), peak);
        }
    }

    private static void AddStar(double[] light, double x, double y, double peak)
    {
        var alpha = FullWidth / 2 / Math.Sqrt(Math.Pow(2, 1 / Beta) - 1);
        var reach = (int)Math.Ceiling(Math.Min(80, alpha * Math.Sqrt(Math.Pow(peak / 2e-6, 1 / Beta))));
        for (var row = Math.Max(0, (int)y - reach); row < Math.Min(Height, (int)y + reach + 1); row++)
        {
            for (var column = Math.Max(0, (int)x - reach); column < Math.Min(Width, (int)x + reach + 1); column++)
            {
                var squared = ((column - x) * (column - x)) + ((row - y) * (row - y));
                light[(row * Width) + column] += peak * Math.Pow(1 + (squared / (alpha * alpha)), -Beta);
            }
        }
    }
}
