using System.Globalization;
using System.Runtime.InteropServices;

namespace Grainy.Core.Metrics.ELpips;

/// <summary>Numbers from which a sampling goes on; what can be drawn again from the seed is not among them.</summary>
/// <param name="Counts">Samples of each part of the sampling.</param>
/// <param name="Place">Where in its plan the sampling was, as it defines it.</param>
/// <param name="Sums">As the sampling defines them.</param>
internal sealed record SamplingState(int[] Counts, int[] Place, double[] Sums)
{
    private const string Version = "elpips1";
    private const int MostSamples = 1_000_000;

    /// <summary>Samples in all.</summary>
    public int Samples => Counts.Sum();

    /// <summary>As text of at most 4 KiB.</summary>
    /// <param name="identity">Of images, metric and settings: a state must not go on with others.</param>
    public string ToText(string identity)
    {
        return string.Join(':', Version, identity, Joined(Counts), Joined(Place), Convert.ToBase64String(MemoryMarshal.AsBytes(Sums.AsSpan())));

        static string Joined(int[] numbers) => string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The inverse of <see cref="ToText"/>.</summary>
    /// <exception cref="ArgumentException">The text is damaged, or belongs to another measurement.</exception>
    public static SamplingState FromText(string text, string identity)
    {
        var parts = text.Split(':');
        if (parts.Length != 5 || parts[0] != Version)
        {
            throw Damaged();
        }

        if (parts[1] != identity)
        {
            throw new ArgumentException(
                "The state to continue from belongs to other images, another metric or other settings: measure from the beginning.", nameof(text));
        }

        var (counts, place) = (Numbers(parts[2]), Numbers(parts[3]));
        var bytes = new byte[parts[4].Length / 4 * 3];
        return counts.Sum(count => (long)count) <= MostSamples && Convert.TryFromBase64String(parts[4], bytes, out var written) && written % sizeof(double) == 0
            ? new SamplingState(counts, place, MemoryMarshal.Cast<byte, double>(bytes.AsSpan(0, written)).ToArray())
            : throw Damaged();
    }

    /// <summary>Passes when the state has as many numbers as the sampling asks for.</summary>
    /// <param name="counts">Number of <see cref="Counts"/>.</param>
    /// <param name="places">Number of <see cref="Place"/>.</param>
    /// <param name="sums">Number of <see cref="Sums"/>.</param>
    /// <exception cref="ArgumentException">It has others.</exception>
    public void Require(int counts, int places, int sums)
    {
        if (Counts.Length != counts || Place.Length != places || Sums.Length != sums || !Sums.All(double.IsFinite))
        {
            throw Damaged();
        }
    }

    private static int[] Numbers(string text) =>
    [
        .. text.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Damaged()),
    ];

    public static ArgumentException Damaged() => new("The state to continue from is damaged or of another version: measure from the beginning.");
}
