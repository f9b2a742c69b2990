using Grainy.Core.Noise;

namespace Grainy.Core.Samples;

/// <summary>Smooth random functions of the plane: gradient noise (Perlin 2002) and sums of its octaves.</summary>
internal sealed class FractalNoise
{
    private const int Size = 256;
    private readonly byte[] _order = new byte[Size * 2];
    private readonly float[] _slopes = new float[Size * 2];

    /// <summary>One function per seed and purpose.</summary>
    public FractalNoise(ulong seed, string purpose)
    {
        var random = CounterRandom.For(seed, purpose);
        for (var i = 0; i < Size; i++)
        {
            _order[i] = (byte)i;
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            (_slopes[2 * i], _slopes[(2 * i) + 1]) = ((float)cosine, (float)sine);
        }

        for (var i = Size - 1; i > 0; i--)
        {
            var j = (int)(random.NextDouble() * (i + 1));
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }

        Array.Copy(_order, 0, _order, Size, Size);
    }

    /// <summary>One octave with features of size 1, within about [−0.7, 0.7], mean 0.</summary>
    public float At(float x, float y)
    {
        float fx = MathF.Floor(x), fy = MathF.Floor(y);
        int ix = (int)fx & (Size - 1), iy = (int)fy & (Size - 1);
        float u = x - fx, v = y - fy;
        float su = u * u * u * ((u * ((u * 6) - 15)) + 10), sv = v * v * v * ((v * ((v * 6) - 15)) + 10);
        int low = _order[ix] + iy, high = _order[(ix + 1) & (Size - 1)] + iy;
        var top = Mix(Slope(low, u, v), Slope(high, u - 1, v), su);
        var bottom = Mix(Slope(low + 1, u, v - 1), Slope(high + 1, u - 1, v - 1), su);
        return Mix(top, bottom, sv);
    }

    /// <summary>Octaves of halved size and amplitude; within about [−1, 1].</summary>
    public float Sum(float x, float y, int octaves, float persistence = 0.5f)
    {
        float sum = 0, amplitude = 1;
        for (var i = 0; i < octaves; i++)
        {
            sum += amplitude * At(x, y);
            (x, y, amplitude) = ((x * 2.03f) + 17.1f, (y * 2.03f) - 9.7f, amplitude * persistence);
        }

        return sum;
    }

    /// <summary>Octaves with sharp crests, in [0, 1]: mountains, fibres.</summary>
    public float Ridged(float x, float y, int octaves)
    {
        float sum = 0, amplitude = 0.5f, weight = 1;
        for (var i = 0; i < octaves; i++)
        {
            var crest = 1 - Math.Min(1, 1.6f * Math.Abs(At(x, y)));
            crest *= crest * weight;
            sum += amplitude * crest;
            (x, y, amplitude, weight) = ((x * 2.07f) - 3.3f, (y * 2.07f) + 5.9f, amplitude * 0.5f, Math.Clamp(crest * 1.5f, 0, 1));
        }

        return Math.Min(1, sum);
    }

    private static float Mix(float a, float b, float share) => a + ((b - a) * share);

    private float Slope(int cell, float x, float y)
    {
        var i = 2 * _order[cell & ((2 * Size) - 1)];
        return (_slopes[i] * x) + (_slopes[i + 1] * y);
    }
}
