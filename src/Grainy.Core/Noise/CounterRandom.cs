using Grainy.Core.Tensors;

namespace Grainy.Core.Noise;

/// <summary>
/// Random numbers that are a function of a key and a counter: SplitMix64 (Steele, Lea, Flood 2014), whose n-th output needs no earlier one. The same key gives
/// the same numbers on every machine and in every version; normal deviates may differ in the last bit where the system's logarithm or cosine does.
/// </summary>
internal struct CounterRandom(ulong key, ulong counter = 0)
{
    private ulong _counter = counter;
    private double _spare;
    private bool _hasSpare;

    /// <summary>A stream of its own for a purpose.</summary>
    public static CounterRandom For(ulong seed, string purpose, long step = 0) => new(new SeedSequence(seed).Derive(purpose, step));

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => At(key, _counter++);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Between(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Normal with mean 0 and standard deviation 1 (Box and Muller 1958, both values used).</summary>
    public double NextNormal()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble())); // 1 − u is never 0
        var (sine, cosine) = Math.SinCos(2 * Math.PI * NextDouble());
        (_spare, _hasSpare) = (radius * sine, true);
        return radius * cosine;
    }

    /// <summary>Poisson count: products of uniforms for small rates (Knuth), transformed rejection from 10 on (PTRS, Hörmann 1993).</summary>
    /// <param name="rate">Mean and variance, not negative.</param>
    public long NextPoisson(double rate)
    {
        if (rate < 10)
        {
            var limit = Math.Exp(-rate);
            var count = -1L;
            for (var product = 1.0; product > limit; count++)
            {
                product *= NextDouble();
            }

            return Math.Max(0, count);
        }

        double slope = 0.931 + (2.53 * Math.Sqrt(rate)), a = -0.059 + (0.02483 * slope);
        double invAlpha = 1.1239 + (1.1328 / (slope - 3.4)), vr = 0.9277 - (3.6224 / (slope - 2));
        while (true)
        {
            double u = NextDouble() - 0.5, v = NextDouble(), us = 0.5 - Math.Abs(u);
            var k = Math.Floor((((2 * a / us) + slope) * u) + rate + 0.43);
            if (us >= 0.07 && v <= vr)
            {
                return (long)k;
            }

            if (k < 0 || (us < 0.013 && v > us))
            {
                continue;
            }

            if (Math.Log(v * invAlpha / ((a / (us * us)) + slope)) <= (k * Math.Log(rate)) - rate - LogFactorial(k))
            {
                return (long)k;
            }
        }
    }

    private static ulong At(ulong key, ulong counter)
    {
        unchecked
        {
            var z = key + ((counter + 1) * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    // Exact sums below 10; from there on Stirling's series, whose error is below 1e-10.
    private static double LogFactorial(double k)
    {
        if (k < 10)
        {
            var sum = 0.0;
            for (var i = 2; i <= k; i++)
            {
                sum += Math.Log(i);
            }

            return sum;
        }

        var n = k + 1;
        return ((n - 0.5) * Math.Log(n)) - n + (0.5 * Math.Log(2 * Math.PI)) + (1 / (12 * n)) - (1 / (360 * n * n * n)) + (1 / (1260 * Math.Pow(n, 5)));
    }
}
