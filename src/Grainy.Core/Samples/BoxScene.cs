using System.Numerics;
using Grainy.Core.Noise;

namespace Grainy.Core.Samples;

/// <summary>Where a ray meets the scene.</summary>
internal readonly record struct Hit(float Distance, Vector3 Normal, Vector3 Colour, bool IsMirror, bool IsLamp);

/// <summary>
/// A room of two units with coloured walls, a lamp in its ceiling, a mirror sphere, two matt spheres and a block; the seed moves and colours what stands in it. Matt
/// surfaces reflect by Lambert's law.
/// </summary>
internal sealed class BoxScene
{
    /// <summary>Half the side of the square lamp.</summary>
    public const float LampHalf = 0.3f;

    private const float LampHeight = 0.995f;
    private readonly (Vector3 Centre, float Radius, Vector3 Colour, bool IsMirror)[] _spheres;
    private readonly (Vector3 Low, Vector3 High, float Turn, Vector3 Colour) _block;
    private readonly Vector3 _left;
    private readonly Vector3 _right;

    /// <summary>The room of a seed.</summary>
    public BoxScene(ulong seed)
    {
        var random = CounterRandom.For(seed, "samples.box");
        var hue = random.NextDouble();
        (_left, _right) = (Hue(hue, 0.65f), Hue(hue + 0.36, 0.65f));
        var side = random.NextDouble() < 0.5 ? -1f : 1f;
        float jitter = (float)random.Between(-0.08, 0.08), depth = (float)random.Between(-0.1, 0.1);
        _spheres =
        [
            (new Vector3((side * 0.42f) + jitter, -0.62f, 0.25f + depth), 0.38f, new Vector3(0.95f), true),
            (new Vector3((side * -0.1f) - jitter, -0.82f, 0.62f), 0.18f, Hue(hue + 0.6, 0.6f), false),
            (new Vector3(side * 0.62f, -0.88f, 0.72f), 0.12f, Hue(hue + 0.15, 0.6f), false),
        ];
        _block = (new Vector3(-0.28f, -1, -0.28f), new Vector3(0.28f, 0.15f, 0.28f), (float)random.Between(0.2, 0.5) * side, new Vector3(0.72f, 0.7f, 0.66f));
        BlockCentre = new Vector3(side * -0.38f, 0, -0.32f);
    }

    /// <summary>Radiance of the lamp.</summary>
    public static Vector3 LampLight { get; } = new(25f, 22.8f, 19f);

    private Vector3 BlockCentre { get; }

    /// <summary>A point of the lamp from two numbers in [0, 1).</summary>
    public static Vector3 LampPoint(float u, float v) => new(((2 * u) - 1) * LampHalf, LampHeight, ((2 * v) - 1) * LampHalf);

    /// <summary>True when something lies between two points.</summary>
    public bool Blocked(Vector3 from, Vector3 direction, float distance) =>
        Nearest(from, direction) is { IsLamp: false } hit && hit.Distance < distance - 1e-3f;

    /// <summary>The first surface along a ray; the room is closed but for the side of the camera, where rays end in darkness.</summary>
    public Hit? Nearest(Vector3 from, Vector3 direction)
    {
        var best = Walls(from, direction);
        foreach (var (centre, radius, colour, isMirror) in _spheres)
        {
            var offset = from - centre;
            var half = Vector3.Dot(offset, direction);
            var root = (half * half) - offset.LengthSquared() + (radius * radius);
            if (root <= 0)
            {
                continue;
            }

            var near = -half - MathF.Sqrt(root);
            var distance = near > 1e-4f ? near : -half + MathF.Sqrt(root);
            if (distance > 1e-4f && !(best?.Distance < distance))
            {
                best = new Hit(distance, Vector3.Normalize(from + (distance * direction) - centre), colour, isMirror, false);
            }
        }

        return Block(from, direction, best);
    }

    private static Vector3 Hue(double hue, float depth)
    {
        var turned = new Vector3((float)hue, (float)(hue + (1 / 3.0)), (float)(hue + (2 / 3.0)));
        return new Vector3(0.78f - (depth * Fold(turned.X)), 0.78f - (depth * Fold(turned.Y)), 0.78f - (depth * Fold(turned.Z)));

        static float Fold(float x) => 0.5f + (0.5f * MathF.Cos(2 * MathF.PI * x));
    }

    private Hit? Walls(Vector3 from, Vector3 direction)
    {
        Hit? best = null;
        Plane(direction.X < 0 ? -1 : 1, from.X, direction.X, direction.X < 0 ? Vector3.UnitX : -Vector3.UnitX, direction.X < 0 ? _left : _right, ref best);
        Plane(direction.Y < 0 ? -1 : 1, from.Y, direction.Y, direction.Y < 0 ? Vector3.UnitY : -Vector3.UnitY, new Vector3(0.74f), ref best);
        if (direction.Z < 0)
        {
            Plane(-1, from.Z, direction.Z, Vector3.UnitZ, new Vector3(0.74f), ref best);
        }

        if (best is not { } hit || hit.Normal.Y != -1)
        {
            return best;
        }

        var point = from + (hit.Distance * direction);
        return Math.Abs(point.X) < LampHalf && Math.Abs(point.Z) < LampHalf ? hit with { IsLamp = true } : best;
    }

    private static void Plane(float at, float from, float direction, Vector3 normal, Vector3 colour, ref Hit? best)
    {
        var distance = (at - from) / direction;
        if (distance > 1e-4f && !(best?.Distance < distance))
        {
            best = new Hit(distance, normal, colour, false, false);
        }
    }

    // Slabs (Kay and Kajiya 1986) in the block's own, turned frame.
    private Hit? Block(Vector3 from, Vector3 direction, Hit? best)
    {
        var (sine, cosine) = MathF.SinCos(_block.Turn);
        var origin = Turn(from - BlockCentre, sine, cosine);
        var ray = Turn(direction, sine, cosine);
        var (a, b) = ((_block.Low - origin) / ray, (_block.High - origin) / ray);
        var (near, far) = (Vector3.Min(a, b), Vector3.Max(a, b));
        var enter = Math.Max(near.X, Math.Max(near.Y, near.Z));
        if (enter < 1e-4f || enter > Math.Min(far.X, Math.Min(far.Y, far.Z)) || best?.Distance < enter)
        {
            return best;
        }

        var normal = enter == near.X ? new Vector3(-MathF.Sign(ray.X), 0, 0)
            : enter == near.Y ? new Vector3(0, -MathF.Sign(ray.Y), 0)
            : new Vector3(0, 0, -MathF.Sign(ray.Z));
        return new Hit(enter, Turn(normal, -sine, cosine), _block.Colour, false, false);
    }

    private static Vector3 Turn(Vector3 v, float sine, float cosine) => new((v.X * cosine) - (v.Z * sine), v.Y, (v.X * sine) + (v.Z * cosine));
}
