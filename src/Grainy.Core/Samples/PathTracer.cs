using System.Numerics;
using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Samples;

/// <summary>Renders <see cref="BoxScene"/> by path tracing (Kajiya 1986) with direct sampling of the lamp; what is left over is the noise of Monte Carlo.</summary>
internal static class PathTracer
{
    private const int Side = 256;
    private const int MostBounces = 6;
    private const float Exposure = 0.92f;

    /// <summary>Linear RGB, 256 × 256, mostly in [0, 1]; the lamp itself, also in the mirror, is shown as white.</summary>
    /// <param name="paths">Per pixel; a square number is stratified evenly.</param>
    /// <param name="stream">Renders with different streams are independent.</param>
    public static ImageBuffer Render(BoxScene scene, int paths, ulong seed, int stream)
    {
        var random = CounterRandom.For(seed, "samples.paths", stream);
        var strata = Math.Max(1, (int)Math.Sqrt(paths));
        var planes = new float[3 * Side * Side];
        for (var i = 0; i < Side * Side; i++)
        {
            var sum = Vector3.Zero;
            for (var path = 0; path < paths; path++)
            {
                var x = (i % Side) + (((path % strata) + random.NextDouble()) / strata);
                var y = (i / Side) + (((path / strata % strata) + random.NextDouble()) / strata);
                var direction = Vector3.Normalize(new Vector3((float)((2 * x / Side) - 1), (float)(1 - (2 * y / Side)), -2.75f));

                // The first look at the lamp is stratified too, in an order of its own.
                var lamp = new Vector2(
                    (float)(((path / strata % strata) + random.NextDouble()) / strata),
                    (float)((((path + (path / strata)) % strata) + random.NextDouble()) / strata));
                sum += Trace(scene, new Vector3(0, 0, 3.72f), direction, lamp, ref random);
            }

            sum *= Exposure / paths;
            (planes[i], planes[(Side * Side) + i], planes[(2 * Side * Side) + i]) = (sum.X, sum.Y, sum.Z);
        }

        return new ImageBuffer(3, Side, Side, planes);
    }

    private static Vector3 Trace(BoxScene scene, Vector3 from, Vector3 direction, Vector2 lamp, ref CounterRandom random)
    {
        Vector3 light = Vector3.Zero, share = Vector3.One;
        // Only straight or by mirrors: light that a mirror throws on a matt surface is left out, because so few paths would need thousands of others.
        var seesLamp = true;
        for (var bounce = 0; bounce < MostBounces; bounce++)
        {
            if (scene.Nearest(from, direction) is not { } hit)
            {
                break;
            }

            if (hit.IsLamp)
            {
                return light + (seesLamp ? share / Exposure : Vector3.Zero);
            }

            var point = from + (hit.Distance * direction) + (1e-3f * hit.Normal);
            share *= hit.Colour;
            if (hit.IsMirror)
            {
                direction = Vector3.Reflect(direction, hit.Normal);
            }
            else
            {
                light += share * Direct(scene, point, hit.Normal, lamp);
                direction = Scatter(hit.Normal, ref random);
                lamp = new Vector2((float)random.NextDouble(), (float)random.NextDouble());
            }

            seesLamp &= hit.IsMirror;
            from = point;

            // Russian roulette keeps the mean while it ends dark paths.
            var keep = Math.Min(0.95f, Math.Max(share.X, Math.Max(share.Y, share.Z)));
            if (bounce > 1)
            {
                if (random.NextDouble() >= keep)
                {
                    break;
                }

                share /= keep;
            }
        }

        return light;
    }

    // Lambert: colour / π · radiance · cosines / distance² · area, with the colour already in the path's share.
    private static Vector3 Direct(BoxScene scene, Vector3 point, Vector3 normal, Vector2 lamp)
    {
        var towards = BoxScene.LampPoint(lamp.X, lamp.Y) - point;
        var distance = towards.Length();
        towards /= distance;
        var cosines = Vector3.Dot(normal, towards) * towards.Y;
        if (Vector3.Dot(normal, towards) <= 0 || towards.Y <= 0 || scene.Blocked(point, towards, distance))
        {
            return Vector3.Zero;
        }

        const float area = 4 * BoxScene.LampHalf * BoxScene.LampHalf;
        return BoxScene.LampLight * (cosines * area / (MathF.PI * distance * distance));
    }

    // Cosine-weighted: a point of the unit sphere on top of the normal.
    private static Vector3 Scatter(Vector3 normal, ref CounterRandom random)
    {
        var height = (float)((2 * random.NextDouble()) - 1);
        var (sine, cosine) = MathF.SinCos((float)(2 * Math.PI * random.NextDouble()));
        var radius = MathF.Sqrt(Math.Max(0, 1 - (height * height)));
        var direction = normal + new Vector3(radius * cosine, radius * sine, height);
        return direction.LengthSquared() < 1e-6f ? normal : Vector3.Normalize(direction);
    }
}
