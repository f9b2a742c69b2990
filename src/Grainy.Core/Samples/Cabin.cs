using System.Numerics;
using Grainy.Core.Noise;

namespace Grainy.Core.Samples;

/// <summary>The cabin and the fence of <see cref="Landscape"/>: straight, hard edges and fine regular patterns, on which denoisers are judged.</summary>
internal sealed class Cabin
{
    private const float Left = 96;
    private const float Right = 246;
    private const float Eaves = 348;
    private const float Foot = 432;
    private const float Ridge = 296;
    private readonly FractalNoise _wood;
    private readonly Vector3 _paint;

    /// <summary>The seed decides the paint and the grain of the wood.</summary>
    public Cabin(ulong seed)
    {
        _wood = new FractalNoise(seed, "samples.photo.wood");
        var random = CounterRandom.For(seed, "samples.photo.paint");
        Vector3[] paints = [new(0.58f, 0.17f, 0.12f), new(0.46f, 0.33f, 0.20f), new(0.24f, 0.36f, 0.44f)];
        _paint = paints[(int)(random.NextDouble() * paints.Length)];
    }

    /// <summary>The colour where cabin or fence stand; null elsewhere.</summary>
    public Vector3? Colour(float x, float y) => Fence(x, y) ?? Chimney(x, y) ?? Roof(x, y) ?? Front(x, y);

    private Vector3? Fence(float x, float y)
    {
        var top = 440 - (x * 0.03f);
        if (x < 300)
        {
            return null;
        }

        var post = (x - 300) % 62;
        var grain = 0.86f + (0.3f * _wood.Sum(x / 2.2f, y / 16, 3));
        if (post < 6 && y > top && y < top + 50)
        {
            return new Vector3(0.55f, 0.52f, 0.47f) * (post < 1.6f ? 0.55f : 1) * grain;
        }

        var rail = y - top;
        return rail is (> 9 and < 13.5f) or (> 27 and < 31.5f)
            ? new Vector3(0.62f, 0.58f, 0.52f) * (0.86f + (0.3f * _wood.Sum(x / 18, y / 1.6f, 3))) * (rail is (> 12.4f and < 14) or > 30.4f ? 0.55f : 1)
            : null;
    }

    private Vector3? Chimney(float x, float y)
    {
        if (x is < 196 or > 214 || y < 284 || y > Ridge + 26)
        {
            return null;
        }

        var course = MathF.Floor((y - 284) / 4);
        var joint = (y - 284) % 4 < 0.9f || (x + (course % 2 * 4)) % 8 < 0.9f;
        return joint
            ? new Vector3(0.66f, 0.63f, 0.60f)
            : new Vector3(0.52f, 0.27f, 0.21f) * (0.9f + (0.5f * _wood.At(MathF.Floor((x + (course % 2 * 4)) / 8) * 1.7f, course * 1.3f)));
    }

    private Vector3? Roof(float x, float y)
    {
        var slope = (y - Ridge) / (Eaves + 6 - Ridge); // 0 at the ridge, 1 at the eaves
        var overhang = 14 - (26 * (1 - slope));
        if (slope is < 0 or > 1 || x < Left - overhang || x > Right + overhang)
        {
            return null;
        }

        var course = MathF.Floor(slope * 9);
        var shingle = MathF.Floor((x + (course % 2 * 5)) / 10);
        var shadow = slope * 9 % 1 < 0.16f || (x + (course % 2 * 5)) % 10 < 0.9f ? 0.58f : 1;
        return new Vector3(0.34f, 0.33f, 0.35f) * (1 + (0.55f * _wood.At(shingle * 0.77f, course * 1.9f))) * shadow;
    }

    private Vector3? Front(float x, float y)
    {
        if (x < Left || x > Right || y < Eaves || y > Foot)
        {
            return null;
        }

        if (y > Foot - 8)
        {
            return new Vector3(0.46f, 0.45f, 0.43f) * (0.85f + (0.5f * _wood.Sum(x / 7, y / 5, 3)));
        }

        return Window(x - 112, y - 366) ?? Window(x - 206, y - 366) ?? Door(x - 160, y - 372) ?? Wall(x, y);
    }

    private Vector3 Wall(float x, float y)
    {
        var plank = y % 7;
        var shade = plank < 1.1f ? 0.5f : 0.92f + (0.02f * plank);
        var eaves = y < Eaves + 14 ? 0.62f : 1;
        return _paint * shade * eaves * (1 + (0.3f * _wood.Sum(x / 26, y / 1.5f, 4)));
    }

    private static Vector3? Window(float x, float y)
    {
        if (x is < 0 or > 26 || y is < 0 or > 32)
        {
            return null;
        }

        var bar = x is < 2.5f or > 23.5f or (> 12 and < 14) || y is < 2.5f or > 29.5f or (> 15 and < 17);
        return bar
            ? new Vector3(0.92f, 0.91f, 0.88f)
            : Vector3.Lerp(new Vector3(0.55f, 0.66f, 0.74f), new Vector3(0.10f, 0.14f, 0.18f), Math.Clamp((y + (x * 0.6f)) / 40, 0, 1));
    }

    private Vector3? Door(float x, float y)
    {
        if (x is < 0 or > 28 || y is < 0 or > 52)
        {
            return null;
        }

        if (x is < 2 or > 26 || y < 2)
        {
            return new Vector3(0.90f, 0.89f, 0.86f);
        }

        if (new Vector2(x - 22, y - 27).Length() < 1.7f)
        {
            return new Vector3(0.85f, 0.72f, 0.30f);
        }

        var panel = x is > 6 and < 22 && (y is > 7 and < 22 or > 30 and < 48);
        return new Vector3(0.30f, 0.21f, 0.14f) * (panel ? 0.75f : 1) * (1 + (0.4f * _wood.Sum(x / 1.8f, y / 22, 4)));
    }
}
