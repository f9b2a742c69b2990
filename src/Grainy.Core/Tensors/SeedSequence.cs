using static TorchSharp.torch;

namespace Grainy.Core.Tensors;

/// <summary>Derives independent seeds from one run seed by purpose and step, so that adding a consumer never shifts another one's stream.</summary>
/// <param name="RunSeed">The one number that a person gives.</param>
public readonly record struct SeedSequence(ulong RunSeed)
{
    /// <summary>A seed for <paramref name="purpose"/> at <paramref name="step"/>.</summary>
    public ulong Derive(string purpose, long step = 0) => Mix(RunSeed ^ Fnv1a(purpose) ^ unchecked((ulong)step * 0x9E3779B97F4A7C15UL));

    /// <summary>
    /// A managed generator, reproducible across versions of the runtime only while the algorithm of seeded <see cref="Random"/> stays as documented.
    /// </summary>
    public Random ManagedFor(string purpose, long step = 0) => new(unchecked((int)Derive(purpose, step)));

    /// <summary>A generator of <paramref name="device"/>; the caller disposes it.</summary>
    public Generator For(string purpose, long step = 0, Device? device = null) => new(Derive(purpose, step), device);

    // 64-bit FNV-1a over UTF-16 code units.
    private static ulong Fnv1a(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var symbol in text)
        {
            hash = unchecked((hash ^ symbol) * 1099511628211UL);
        }

        return hash;
    }

    // Finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
