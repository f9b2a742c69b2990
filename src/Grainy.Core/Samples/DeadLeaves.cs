using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Samples;

/// <summary>
/// Pictures of overlapping leaves (Lee, Mumford, Huang 2001): discs and bars of all sizes hide one another, which gives edges, corners and flat regions as
/// frequent as in photographs. Each leaf has its own colour, slope of brightness and, some of them, texture.
/// </summary>
internal static class DeadLeaves
{
    private const double Smallest = 4;

    /// <summary>One RGB picture in [0, 1] of <paramref name="side"/>² pixels; the same seed and number give the same picture.</summary>
    public static ImageBuffer Render(int side, ulong seed, int number)
    {
        var random = CounterRandom.For(seed, "leaves", number);
        var texture = new FractalNoise(seed, "leaves.texture");
        var (large, covered) = (2 * side, 0); // drawn at twice the size and averaged, so that edges are smooth
        var planes = new float[3 * large * large];
        var free = new bool[large * large];
        Array.Fill(free, true);

        // From the front to the back: a pixel that has a leaf keeps it.
        for (var leaf = 0; covered < free.Length && leaf < 20_000; leaf++)
        {
            covered += Draw(Leaf.Next(ref random, large, last: leaf > 4_000), texture, planes, free, large);
        }

        return Resize.To(new ImageBuffer(3, large, large, planes), side, side);
    }

    private static int Draw(in Leaf leaf, FractalNoise texture, float[] planes, bool[] free, int side)
    {
        var (count, reach) = (0, (int)Math.Ceiling(leaf.Radius * 1.5));
        for (var y = Math.Max(0, (int)leaf.Y - reach); y < Math.Min(side, (int)leaf.Y + reach + 1); y++)
        {
            for (var x = Math.Max(0, (int)leaf.X - reach); x < Math.Min(side, (int)leaf.X + reach + 1); x++)
            {
                var place = (y * side) + x;
                var (u, v) = leaf.Inside(x, y);
                if (!free[place] || (leaf.Bar ? Math.Max(Math.Abs(u), Math.Abs(v) * leaf.Aspect) : (u * u) + (v * v)) > 1)
                {
                    continue;
                }

                free[place] = false;
                count++;
                var light = 1 + (leaf.Slope * u) + (leaf.Texture * texture.Sum((float)((x + leaf.Shift) / leaf.Grain), (float)(y / leaf.Grain), 3));
                planes[place] = (float)Math.Clamp(leaf.Red * light, 0, 1);
                planes[(side * side) + place] = (float)Math.Clamp(leaf.Green * light, 0, 1);
                planes[(2 * side * side) + place] = (float)Math.Clamp(leaf.Blue * light, 0, 1);
            }
        }

        return count;
    }

    private readonly record struct Leaf(
        double X, double Y, double Radius, double Sine, double Cosine, bool Bar, double Aspect, double Red, double Green, double Blue, double Slope, double Texture,
        double Grain, double Shift)
    {
        public static Leaf Next(ref CounterRandom random, int side, bool last)
        {
            // Density of radii ~ r⁻³, which makes the picture look alike at all scales.
            var largest = side / 2.0;
            var u = random.NextDouble();
            var radius = last ? largest : 1 / Math.Sqrt((u / (largest * largest)) + ((1 - u) / (Smallest * Smallest)));
            var (sine, cosine) = Math.SinCos(random.Between(0, Math.PI));
            var (grey, tint) = (Math.Pow(random.NextDouble(), 1.3), 0.35 * random.NextDouble());
            return new Leaf(
                random.Between(0, side), random.Between(0, side), radius, sine, cosine, random.NextDouble() < 0.4, random.Between(1, 6),
                Shade(ref random), Shade(ref random), Shade(ref random), random.Between(-0.3, 0.3),
                random.NextDouble() < 0.4 ? random.Between(0.1, 0.8) : 0, Math.Exp(random.Between(Math.Log(3), Math.Log(60))), random.Between(0, 1000));

            double Shade(ref CounterRandom source) => Math.Clamp(grey + (tint * source.Between(-1, 1)), 0.01, 1);
        }

        /// <summary>Place in the leaf's own axes; its edge is at 1.</summary>
        public (double U, double V) Inside(int x, int y)
        {
            var (dx, dy) = ((x - X) / Radius, (y - Y) / Radius);
            return ((dx * Cosine) + (dy * Sine), (dy * Cosine) - (dx * Sine));
        }
    }
}
