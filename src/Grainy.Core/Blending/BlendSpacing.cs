namespace Grainy.Core.Blending;

/// <summary>How evenly the frames of a chain or path are spaced in the metric.</summary>
/// <param name="Distances">d(x_i, x_{i+1}) between neighbouring frames, in order; one fewer than frames.</param>
/// <param name="Errors">Standard error of each distance; 0 for deterministic metrics.</param>
/// <param name="Straight">d between the two ends, for comparison with the sum of <paramref name="Distances"/>.</param>
public sealed record BlendSpacing(IReadOnlyList<double> Distances, IReadOnlyList<double> Errors, double Straight)
{
    /// <summary>Smallest distance over the largest, in [0, 1]; 1 is perfectly even.</summary>
    public double Evenness => Distances.Count == 0 || Distances.Max() <= 0 ? 1 : Distances.Min() / Distances.Max();

    /// <summary>Σ d², what a geodesic makes small.</summary>
    public double PathEnergy => Distances.Sum(distance => distance * distance);

    /// <summary>Where each frame lies along the chain, from 0 to 1, if distances between neighbours are added up: a slider by these places moves evenly.</summary>
    public IReadOnlyList<double> Places
    {
        get
        {
            var (total, sum) = (Math.Max(Distances.Sum(), double.Epsilon), 0.0);
            return [0, .. Distances.Select(distance => (sum += distance) / total)];
        }
    }
}
