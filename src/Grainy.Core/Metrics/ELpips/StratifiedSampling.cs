using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;

namespace Grainy.Core.Metrics.ELpips;

/// <summary>
/// Samples scale by scale. The probability P(s) of a scale is known, so the mean is Σ P(s)·mean(s), and the spread between the scales adds nothing to the
/// error: its square is Σ P(s)²·variance of mean(s). At each scale, control variates take away what the channel factors explain (<see cref="FactorDesign"/>).
/// </summary>
/// <remarks>
/// <para>After a pilot at every scale, the next few samples go where they buy the most: n(s) ∝ P(s)·deviation(s)/√cost(s) (Neyman 1934), a sample of scale s
/// costing about 1/s². Deviations are looked at anew whenever a scale has grown by a quarter. The scales from 7 on are one stratum, within which they are
/// drawn by their law.</para>
/// <para>With fewer than two samples per stratum, all scales are one stratum.</para>
/// </remarks>
internal sealed class StratifiedSampling : IEnsembleSampling
{
    private const int MostStrata = 7;
    private const int LargestGroup = 16;

    private readonly ScaleStratum[] _strata;
    private readonly int _candidates;
    private readonly int _layers;
    private int _current;
    private PictureDraw[] _group = [];

    /// <param name="seed">Of all draws.</param>
    /// <param name="scales">Largest scale.</param>
    /// <param name="samples">The most that will be drawn.</param>
    /// <param name="candidates">Images that share the transforms.</param>
    /// <param name="layers">Number of layers of the distance.</param>
    public StratifiedSampling(ulong seed, int scales, int samples, int candidates, int layers)
    {
        (_candidates, _layers) = (candidates, layers);
        var probabilities = ELpipsSampler.Probabilities(scales);
        var strata = Math.Min(scales, MostStrata);
        var count = samples >= 2 * strata ? strata : 1;
        _strata =
        [
            .. Enumerable.Range(1, count).Select(first => new ScaleStratum(
                new SeedSequence(seed), probabilities, first, first == count ? scales : first,
                [.. Enumerable.Range(0, candidates).Select(_ => new StratumSums(layers, candidates))])),
        ];
        BeginGroup();
    }

    public string Description => _strata.Length > 1 ? "stratified by scale, factors as control variates" : "factors as control variates";

    public int Count => _strata.Sum(stratum => stratum.Count);

    public bool MayStop => TakenOfGroup == 0 && Enumerable.Range(0, _strata.Length).All(i => _strata[i].Count >= Pilot(i));

    public IReadOnlyList<PictureDraw> Group => _group;

    public int TakenOfGroup { get; private set; }

    public void Add(IReadOnlyList<double[]> perCandidate)
    {
        _strata[_current].Add(perCandidate);
        TakenOfGroup++;
        if (TakenOfGroup == _group.Length)
        {
            BeginGroup();
        }
    }

    public SampleEstimate Estimate(int candidate)
    {
        var known = _strata.Where(stratum => stratum.Count > 0).ToArray();
        var share = known.Sum(stratum => stratum.Probability); // below 1 only in the first few samples
        var perLayer = new double[_layers];
        var value = 0.0;
        foreach (var stratum in known)
        {
            var sums = stratum.Sums[candidate];
            var (weight, mean) = (stratum.Probability / share, stratum.Mean(candidate));
            value += weight * mean;
            for (var layer = 0; layer < _layers; layer++)
            {
                perLayer[layer] += sums.Terms[0] == 0 ? 0 : weight * mean * sums.Layers[layer] / sums.Terms[0];
            }
        }

        var error = Error(stratum => stratum.ResidualVariance(candidate));
        return new SampleEstimate(value, double.IsNaN(error) ? null : error, perLayer);
    }

    public (double Difference, double StandardError) Compare(int first, int second)
    {
        var difference = Estimate(second).Value - Estimate(first).Value;
        return (difference, Error(stratum =>
        {
            var (a, b) = (stratum.Sums[first], stratum.Sums[second]);
            var terms = new double[FactorDesign.MostTerms];
            for (var term = 0; term < terms.Length; term++)
            {
                terms[term] = b.Terms[term] - a.Terms[term];
            }

            return stratum.Design.ResidualVariance(terms, a.Squares + b.Squares - (2 * a.Products[second]));
        }));
    }

    public IReadOnlyList<TransformShare> Attribution(int candidate)
    {
        var scales = _strata.Length == 1 ? [] : _strata.Where(stratum => stratum.Count > 0).Select(stratum =>
        {
            var variance = stratum.ResidualVariance(candidate) * stratum.Design.MeanVariance();
            return new TransformShare("scale", stratum.Name, stratum.Mean(candidate), Math.Sqrt(variance), stratum.Count);
        });
        return [.. scales, .. TransformGroups.All.Select((group, i) => Share(candidate, group, i)).Where(share => share.Samples > 0)];
    }

    public SamplingState State(int candidate) => new(
        [.. _strata.Select(stratum => stratum.Count)],
        [_current, _group.Length, TakenOfGroup],
        [.. _strata.SelectMany(stratum => stratum.Sums[candidate].Numbers())]);

    public void Continue(SamplingState state)
    {
        if (state.Counts.Length == 1 && _strata.Length > 1)
        {
            return; // so few samples that all scales were one stratum: begin anew, as more samples would have begun without an interruption
        }

        var length = StratumSums.Length(_layers);
        state.Require(_strata.Length, 3, _strata.Length * length);
        var (stratum, samples, taken) = (state.Place[0], state.Place[1], state.Place[2]);
        if (stratum >= _strata.Length || samples > LargestGroup || taken >= samples || taken > state.Counts[stratum])
        {
            throw SamplingState.Damaged();
        }

        for (var i = 0; i < _strata.Length; i++)
        {
            _strata[i].Replay(state.Counts[i]);
            _strata[i].Sums[0].Restore(state.Sums.AsSpan(i * length, length));
        }

        DrawGroup(stratum, samples, taken);
    }

    private static int Pilot(int stratum) => stratum switch { 0 => 16, 1 => 12, _ => 8 };

    // Every decision is made of what is known at the end of the last group, so that it does not depend on where a measurement was interrupted.
    private void BeginGroup()
    {
        var unseen = Array.FindIndex(_strata, stratum => stratum.Count < 2);
        var short_ = Enumerable.Range(0, _strata.Length).FirstOrDefault(i => _strata[i].Count < Pilot(i), -1);
        var (stratum, samples) = unseen >= 0 ? (unseen, 2 - _strata[unseen].Count)
            : short_ >= 0 ? (short_, Pilot(short_) - _strata[short_].Count)
            : Best();
        DrawGroup(stratum, samples, taken: 0);
    }

    private void DrawGroup(int stratum, int samples, int taken)
    {
        (_current, TakenOfGroup) = (stratum, taken);
        var first = _strata[stratum].Count - taken;
        _group = [.. Enumerable.Range(first, samples).Select(_strata[stratum].Draw)];
    }

    private (int Stratum, int Samples) Best()
    {
        var values = Enumerable.Range(0, _candidates).Select(candidate => Math.Max(Math.Abs(Estimate(candidate).Value), double.Epsilon)).ToArray();
        var (best, most) = (0, -1.0);
        for (var i = 0; i < _strata.Length; i++)
        {
            var stratum = _strata[i];
            var variance = values.Select((value, candidate) => stratum.ResidualVariance(candidate) / (value * value)).Sum();
            var merit = stratum.Probability * Math.Sqrt(variance / stratum.Cost) / stratum.Count;
            (best, most) = merit > most ? (i, merit) : (best, most);
        }

        return (best, Math.Clamp(_strata[best].Count / 2, 4, LargestGroup));
    }

    // Welch–Satterthwaite: degrees of freedom of a sum of estimated variances.
    private double Error(Func<ScaleStratum, double> residualVariance)
    {
        if (_strata.Any(stratum => stratum.Design.Degrees < 1))
        {
            return double.NaN;
        }

        var (variance, spread) = (0.0, 0.0);
        foreach (var stratum in _strata)
        {
            var part = stratum.Probability * stratum.Probability * residualVariance(stratum) * stratum.Design.MeanVariance();
            variance += part;
            spread += part * part / stratum.Design.Degrees;
        }

        return variance == 0 ? 0 : Math.Sqrt(variance) * StudentFactor.Of(variance * variance / spread);
    }

    private TransformShare Share(int candidate, (string Kind, string Value) name, int group)
    {
        var (mean, variance, samples) = (0.0, 0.0, 0);
        var known = _strata.Where(stratum => stratum.Count > 0).ToArray();
        var share = known.Sum(stratum => stratum.Probability);
        foreach (var stratum in known)
        {
            // A rare scale without a sample of the group stands in with its mean: left out, it would shift the group by what its scale alone explains.
            var (itsMean, itsVariance, itsSamples) = stratum.Group(candidate, group) ?? (stratum.Mean(candidate), stratum.ResidualVariance(candidate), 0);
            var weight = stratum.Probability / share;
            (mean, variance, samples) = (mean + (weight * itsMean), variance + (weight * weight * itsVariance), samples + itsSamples);
        }

        return new TransformShare(name.Kind, name.Value, mean, Math.Sqrt(variance), samples);
    }
}
