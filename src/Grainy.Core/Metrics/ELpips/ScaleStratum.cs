using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;

namespace Grainy.Core.Metrics.ELpips;

/// <summary>The samples of one scale, or of several scales that are drawn together because each alone is rare.</summary>
/// <remarks>
/// Every transform follows from the seed, the stratum and its number alone. The channel factors are points of the additive recurrence of Roberts (2018),
/// shifted at random: each point is uniform, and together they fill the cube evenly, which keeps the regression of <see cref="FactorDesign"/> well conditioned
/// from the first few samples on.
/// </remarks>
internal sealed class ScaleStratum
{
    // 1/g, 1/g², 1/g³ for the real root of g⁴ = g + 1.
    private static readonly double[] Steps = [0.8191725133961645, 0.6710436067037893, 0.5497004779019703];

    private readonly SeedSequence _seed;
    private readonly double[] _within;
    private readonly int _first;
    private readonly double[] _shift;
    private readonly int[] _groupCounts = new int[TransformGroups.All.Count];
    private readonly double[][] _groupTerms = [.. TransformGroups.All.Select(_ => new double[FactorDesign.MostTerms])];

    /// <param name="seed">Of the measurement.</param>
    /// <param name="probabilities">Of all scales, from 1.</param>
    /// <param name="first">The first scale of the stratum.</param>
    /// <param name="last">The last one.</param>
    /// <param name="sums">Per candidate.</param>
    public ScaleStratum(SeedSequence seed, double[] probabilities, int first, int last, StratumSums[] sums)
    {
        (_seed, _first, Sums) = (seed, first, sums);
        var own = probabilities[(first - 1)..last];
        Probability = own.Sum();
        _within = [.. own.Select(probability => probability / Probability)];
        Cost = _within.Select((share, i) => share * (0.02 + (1.0 / ((first + i) * (first + i))))).Sum();
        Name = first == last ? $"{first}" : first == 1 ? "all" : $"{first}–{last}";
        var random = new RandomStream(seed.Derive("elpips factors", Stream(0)));
        _shift = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
    }

    /// <summary>For people: the scale, or the first and the last one.</summary>
    public string Name { get; }

    /// <summary>Share of the whole law.</summary>
    public double Probability { get; }

    /// <summary>Time of a sample in times of one at scale 1, with a little that does not shrink.</summary>
    public double Cost { get; }

    /// <summary>Samples so far.</summary>
    public int Count => Design.Count;

    /// <summary>Polynomials of the samples so far.</summary>
    public FactorDesign Design { get; } = new();

    /// <summary>Sums per candidate.</summary>
    public StratumSums[] Sums { get; }

    /// <summary>A draw by its number, from 0.</summary>
    public PictureDraw Draw(int number)
    {
        var random = new RandomStream(_seed.Derive("elpips", Stream(number)));
        var scale = _first - 1 + ELpipsSampler.Scale(_within, random);
        var transform = ELpipsSampler.Draw(scale, random) with { Factors = (Factor(0, number), Factor(1, number), Factor(2, number)) };
        return new PictureDraw(transform, random.NextBits());
    }

    /// <summary>Takes in the layers of each candidate under the next draw, which has the number <see cref="Count"/>.</summary>
    public void Add(IReadOnlyList<double[]> perCandidate)
    {
        var transform = Draw(Count).Transform;
        var (terms, groups) = (FactorDesign.Polynomials(transform), TransformGroups.Of(transform));
        for (var candidate = 0; candidate < Sums.Length; candidate++)
        {
            Sums[candidate].Add(terms, groups, perCandidate, candidate);
        }

        Register(terms, groups);
    }

    /// <summary>Draws the first <paramref name="count"/> samples again, whose sums are known.</summary>
    public void Replay(int count)
    {
        while (Count < count)
        {
            var transform = Draw(Count).Transform;
            Register(FactorDesign.Polynomials(transform), TransformGroups.Of(transform));
        }
    }

    /// <summary>Mean distance of a candidate, without what the factors of these samples happen to explain.</summary>
    public double Mean(int candidate) => Design.Coefficients(Sums[candidate].Terms)[0];

    /// <summary>Variance of one distance of a candidate around what the factors explain.</summary>
    public double ResidualVariance(int candidate) => Design.ResidualVariance(Sums[candidate].Terms, Sums[candidate].Squares);

    /// <summary>Mean distance of a candidate over one group of transforms, and its variance; null without a sample of the group.</summary>
    public (double Mean, double Variance, int Samples)? Group(int candidate, int group)
    {
        var (count, sums) = (_groupCounts[group], Sums[candidate]);
        if (count == 0)
        {
            return null;
        }

        var mean = sums.GroupSums[group] / count;
        if (group >= TransformGroups.FirstOfBrightness)
        {
            var squares = sums.BrightnessSquares[group - TransformGroups.FirstOfBrightness];
            return (mean, count < 2 ? 0 : Math.Max(0, (squares / count) - (mean * mean)) / (count - 1), count);
        }

        // What the factors of these samples happen to explain is no effect of the group.
        var coefficients = Design.Coefficients(sums.Terms);
        for (var term = 1; term < coefficients.Length; term++)
        {
            mean -= coefficients[term] * _groupTerms[group][term] / count;
        }

        return (mean, ResidualVariance(candidate) / count, count);
    }

    private void Register(double[] terms, int[] groups)
    {
        Design.Add(terms);
        foreach (var group in groups)
        {
            _groupCounts[group]++;
            for (var term = 0; term < terms.Length; term++)
            {
                _groupTerms[group][term] += terms[term];
            }
        }
    }

    private float Factor(int channel, int number)
    {
        var u = _shift[channel] + ((number + 1) * Steps[channel]);
        return ELpipsSampler.Factor(u - Math.Floor(u));
    }

    // Strata of different measurements with the same scales share their samples; a stratum of all scales has its own.
    private long Stream(int number) => ((long)(_within.Length > 1 && _first == 1 ? 0 : _first) << 40) | (uint)number;
}
