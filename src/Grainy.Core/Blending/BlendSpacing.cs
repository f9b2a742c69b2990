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

    /// <summary>The weights at which frames would be equally far apart, if the distance between two neighbours grew evenly with the weight.</summary>
    /// <param name="weights">Of the second image in each frame, growing from 0 to 1; one more than <see cref="Distances"/>.</param>
    /// <exception cref="ArgumentException">There are more or fewer weights.</exception>
    public IReadOnlyList<double> EvenWeights(IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count != Distances.Count + 1)
        {
            throw new ArgumentException($"{Distances.Count} distances lie between {Distances.Count + 1} frames, not between {weights.Count}.", nameof(weights));
        }

        var places = Places;
        return [0, .. Enumerable.Range(1, Distances.Count - 1).Select(frame => At((double)frame / Distances.Count)), 1];

        double At(double place)
        {
            var right = Enumerable.Range(1, Distances.Count).First(i => places[i] >= place || i == Distances.Count);
            var share = (place - places[right - 1]) / Math.Max(places[right] - places[right - 1], double.Epsilon);
            return weights[right - 1] + (Math.Clamp(share, 0, 1) * (weights[right] - weights[right - 1]));
        }
    }
}
