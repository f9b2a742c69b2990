using System.Numerics;
using Grainy.Core.Images;

namespace Grainy.Core.Samples;

/// <summary>
/// A landscape in place of a photo: sky with clouds, mountains in haze, a lake with reflections, firs, meadow, a cabin and a fence with hard edges.
/// </summary>
internal sealed class Landscape
{
    private const int Width = 768;
    private const int Height = 512;
    private const int Samples = 2; // per pixel and direction, against jagged edges
    private const float Shore = 330; // rows above are seen mirrored below
    private const float Bank = 408; // the meadow begins
    private readonly FractalNoise _clouds;
    private readonly FractalNoise _rock;
    private readonly FractalNoise _trees;
    private readonly FractalNoise _water;
    private readonly FractalNoise _grass;
    private readonly Cabin _cabin;

    private Landscape(ulong seed)
    {
        _clouds = new FractalNoise(seed, "samples.photo.clouds");
        _rock = new FractalNoise(seed, "samples.photo.rock");
        _trees = new FractalNoise(seed, "samples.photo.trees");
        _water = new FractalNoise(seed, "samples.photo.water");
        _grass = new FractalNoise(seed, "samples.photo.grass");
        _cabin = new Cabin(seed);
    }

    /// <summary>The landscape without noise; RGB as for a display, 768 × 512, within [0, 1].</summary>
    public static ImageBuffer Render(ulong seed)
    {
        var landscape = new Landscape(seed);
        var planes = new float[3 * Width * Height];
        for (var i = 0; i < Width * Height; i++)
        {
            var colour = Vector3.Zero;
            for (var s = 0; s < Samples * Samples; s++)
            {
                colour += landscape.Colour((i % Width) + (((s % Samples) + 0.5f) / Samples), (i / Width) + (((s / Samples) + 0.5f) / Samples));
            }

            colour = Vector3.Clamp(colour / (Samples * Samples), Vector3.Zero, Vector3.One);
            (planes[i], planes[(Width * Height) + i], planes[(2 * Width * Height) + i]) = (colour.X, colour.Y, colour.Z);
        }

        return new ImageBuffer(3, Height, Width, planes);
    }

    private static Vector3 Mix(Vector3 a, Vector3 b, float share) => Vector3.Lerp(a, b, Math.Clamp(share, 0, 1));

    private static float Step(float from, float to, float value)
    {
        var t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }

    private Vector3 Colour(float x, float y)
    {
        if (_cabin.Colour(x, y) is { } built)
        {
            return built;
        }

        var bank = Bank + (14 * _grass.Sum(x / 150, 3.3f, 4)) - (x * 0.025f);
        return y > bank ? Meadow(x, y, y - bank) : y > Shore ? Lake(x, y, bank) : Far(x, y);
    }

    private Vector3 Far(float x, float y) => Firs(x, y) ?? Mountains(x, y) ?? Sky(x, y);

    private Vector3 Sky(float x, float y)
    {
        var height = 1 - (y / Shore);
        var sky = Mix(new Vector3(0.86f, 0.86f, 0.83f), new Vector3(0.24f, 0.45f, 0.76f), MathF.Pow(Math.Clamp(height * 1.15f, 0, 1), 0.75f));
        var sun = new Vector2(x - 575, y - 160).Length();
        sky += new Vector3(0.3f, 0.2f, 0.06f) * MathF.Exp(-sun / 120);

        // A layer seen from below: rows near the horizon are further away.
        var depth = 60 / (height + 0.22f);
        float u = (x - 380) / 90 * depth / 60, v = depth / 16;
        var cover = _clouds.Sum(u, v, 7, 0.52f) + 0.12f;
        var shade = _clouds.Sum(u + 0.12f, v - 0.1f, 5, 0.52f) + 0.12f;
        var cloud = Mix(new Vector3(0.62f, 0.65f, 0.71f), new Vector3(0.99f, 0.97f, 0.94f), 0.75f + (1.1f * (cover - shade)) - (0.35f * cover));
        return Mix(sky, cloud, Step(0.02f, 0.42f, cover) * Step(0.01f, 0.16f, height) * 0.94f);
    }

    private Vector3? Mountains(float x, float y)
    {
        for (var range = 2; range >= 0; range--) // from near to far
        {
            var size = 250f - (50 * range);
            var height = (170 - (42 * range)) * MathF.Pow(_rock.Ridged((x / size) + (range * 31), range * 7.7f, 6), 1.15f);
            var crest = Shore + 6 - (24 * range) - height - (range == 0 ? 0 : 18);
            if (y <= crest)
            {
                continue;
            }

            return Slope(x, y, range, y - crest);
        }

        return null;
    }

    // Height differences of the ridged field stand for the angle to the light from the right.
    private Vector3 Slope(float x, float y, int range, float below)
    {
        var size = 46f + (10 * range);
        float u = (x / size) + (0.012f * below) + (range * 13), v = y / size * 0.8f;
        var lit = 0.5f + (2.6f * (_rock.Sum(u + 0.05f, v - 0.02f, 6, 0.58f) - _rock.Sum(u, v, 6, 0.58f)) * 2.2f);
        var ground = _rock.Sum(x / 18, y / 14, 5, 0.6f);
        var stone = Mix(new Vector3(0.20f, 0.19f, 0.20f), new Vector3(0.56f, 0.51f, 0.46f), lit);
        var wood = Mix(new Vector3(0.10f, 0.17f, 0.10f), new Vector3(0.30f, 0.38f, 0.20f), lit);
        var snow = Mix(new Vector3(0.60f, 0.67f, 0.80f), new Vector3(0.99f, 0.98f, 0.96f), lit);
        var colour = Mix(stone, wood, Step(-20, 20, y - 275 + (50 * ground) + (16 * range)));
        colour = Mix(colour, snow, Step(-10, 10, 205 - y + (46 * ground) - (below * 0.12f)) * Step(0.1f, 0.5f, lit + 0.25f));
        var haze = 0.14f + (0.21f * (2 - range)) + (0.14f * Step(90, 0, Shore - y));
        return Mix(colour, new Vector3(0.70f, 0.77f, 0.85f), haze);
    }

    private Vector3? Firs(float x, float y)
    {
        for (var row = 1; row >= 0; row--)
        {
            var pitch = 10f + (5 * row);
            var tree = MathF.Floor(x / pitch);
            for (var neighbour = 1; neighbour >= -1; neighbour--)
            {
                var index = tree + neighbour;
                float chance = _trees.At((index * 0.37f) + (row * 50), 0.5f), tall = (24 + (14 * row)) * (1 + (0.9f * chance));
                var centre = ((index + 0.5f) * pitch) + (pitch * 0.9f * _trees.At(index * 1.7f, 8.5f + row));
                var ground = Shore - 2 + (2 * row);
                var wooded = _trees.Sum((x / 190) + (row * 5), 1.5f, 2) + (row == 0 ? 0.3f : 0.02f);
                var down = (y - (ground - tall)) / tall; // 0 at the tip, 1 at the foot
                if (wooded < 0 || down is < 0 or > 1)
                {
                    continue;
                }

                var tier = (down * 7) % 1;
                var half = ((0.04f + (0.30f * down)) * tall * 0.62f * (0.62f + (0.38f * tier))) + (1.4f * _trees.At(x * 0.9f, y * 0.9f));
                if (Math.Abs(x - centre) < half)
                {
                    var light = 0.5f + ((x - centre) / (half + 1) * 0.42f) + (0.55f * _trees.At(x / 2.1f, y / 1.7f)) - (0.3f * tier);
                    return Mix(new Vector3(0.035f, 0.075f, 0.06f), new Vector3(0.21f, 0.31f, 0.15f), light + (0.1f * row));
                }
            }
        }

        return null;
    }

    private Vector3 Lake(float x, float y, float bank)
    {
        var near = (y - Shore) / (Bank - Shore);
        var wave = _water.Sum(x / (16 + (70 * near)), y / (1.6f + (5 * near)), 5, 0.55f);
        var fine = _water.Sum((x / 9) + 40, y / 1.1f, 3);
        var seen = Far(x + (5 * wave), Math.Clamp(Shore - ((y - Shore) * 1.9f) + ((4 + (26 * near)) * wave), 0, Shore - 1));
        var colour = Mix(seen * 0.84f, new Vector3(0.06f, 0.20f, 0.26f), 0.16f + (0.34f * near) + (0.22f * fine));
        colour += new Vector3(0.42f, 0.40f, 0.34f) * Step(0.50f, 0.78f, wave + (0.4f * fine)) * MathF.Exp(-MathF.Pow((x - 575) / 120, 2));
        return Mix(colour, new Vector3(0.34f, 0.31f, 0.24f), Step(5, 0, bank - y) * 0.75f);
    }

    private Vector3 Meadow(float x, float y, float below)
    {
        var near = below / (Height - Bank);
        var patches = _grass.Sum(x / 110, y / 45, 4);
        var blades = _grass.Sum((x / (1.3f + (1.5f * near))) + (1.8f * _grass.At(x / 20, y / 20)), y / (6 + (13 * near)), 4, 0.65f);
        var light = 0.46f + (0.55f * blades) + (0.32f * patches) - (0.1f * near);
        var colour = Mix(new Vector3(0.09f, 0.15f, 0.05f), new Vector3(0.50f, 0.56f, 0.20f), light);
        colour = Mix(colour, new Vector3(0.55f, 0.46f, 0.24f), Step(0.05f, 0.6f, patches) * 0.5f);
        return Flower(x, y, near) ?? colour;
    }

    private Vector3? Flower(float x, float y, float near)
    {
        float size = 9 + (9 * near), column = MathF.Floor(x / size), row = MathF.Floor(y / size);
        float dice = _grass.At((column * 0.61f) + 3.1f, (row * 0.73f) + 1.7f), there = _grass.Sum(x / 130, (y / 60) + 20, 2);
        if (dice + (0.6f * there) < 0.34f)
        {
            return null;
        }

        var offset = new Vector2((0.5f + (0.45f * _grass.At(column * 1.3f, row * 2.1f))) * size, (0.5f + (0.45f * _grass.At(column * 2.3f, row * 1.1f))) * size);
        var distance = new Vector2(x - (column * size), (y - (row * size)) * 1.5f) - offset;
        var kinds = dice > 0.42f ? new Vector3(0.93f, 0.90f, 0.86f) : dice > 0.35f ? new Vector3(0.89f, 0.72f, 0.16f) : new Vector3(0.72f, 0.24f, 0.33f);
        return distance.Length() < 1.0f + (1.5f * near) ? kinds : null;
    }
}
