namespace Grainy.Core.Metrics;

/// <summary>
/// A small generator of random numbers (SplitMix64; Steele, Lea, Flood 2014) whose stream is the same on every device, platform and version of the runtime.
/// </summary>
internal sealed class RandomStream(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 … <paramref name="limit"/> − 1; the bias of the multiplication is below 2⁻⁵⁰ for the small limits used here.</summary>
    public int Next(int limit) => (int)(NextDouble() * limit);
}
