namespace Grainy.Core.Metrics.ELpips;

/// <summary>
/// The mean over all transforms from samples that are drawn scale by scale. The probability P(s) of a scale is known, so the mean is Σ P(s)·mean(s), and the
/// spread between the scales adds nothing to the error: its square is Σ P(s)²·variance(s) / n(s).
/// </summary>
/// <remarks>
/// Scale s gets a share of the samples in proportion to 1/s, fixed in advance so that mean and error stay unbiased. This is Neyman's allocation P·deviation/√cost
/// for scales of equal deviation, because a sample of scale s costs 1/s². With fewer than two samples per scale the scales are drawn like all else, and the error
/// is that of independent samples.
/// </remarks>
internal sealed class StratifiedMean
{
    private readonly double[] _probabilities;
    private readonly bool _stratified;
    private readonly RunningMoments[] _strata;

    /// <param name="scales">Number of scales.</param>
    /// <param name="samples">How many will be drawn at most.</param>
    public StratifiedMean(int scales, int samples)
    {
        _probabilities = ELpipsSampler.Probabilities(scales);
        _stratified = samples >= 2 * scales;
        _strata = [.. Enumerable.Range(0, _stratified ? scales : 1).Select(_ => new RunningMoments())];
    }

    /// <summary>For fingerprints.</summary>
    public string Description => _stratified ? "stratified by scale" : "independent";

    /// <summary>Samples so far.</summary>
    public int Count => _strata.Sum(stratum => stratum.Count);

    /// <summary>True when every stratum has been seen, so that <see cref="Value"/> is an estimate of the whole mean.</summary>
    public bool HasValue => _strata.All(stratum => stratum.Count > 0);

    /// <summary>The estimate.</summary>
    public double Value => Weighted((stratum, weight) => weight * stratum.Mean);

    /// <summary>Its standard error; null while a stratum has fewer than two samples.</summary>
    public double? StandardError => _strata.Any(stratum => stratum.Count < 2)
        ? null
        : Math.Sqrt(Weighted((stratum, weight) => weight * weight * stratum.Variance / stratum.Count));

    /// <summary>The estimate of each layer's contribution.</summary>
    public double[] PerLayer(int layers)
    {
        var result = new double[layers];
        for (var i = 0; i < _strata.Length; i++)
        {
            for (var layer = 0; layer < layers; layer++)
            {
                result[layer] += (_stratified ? _probabilities[i] : 1) * _strata[i].LayerMean(layer);
            }
        }

        return result;
    }

    /// <summary>The scale of the next sample.</summary>
    public int NextScale(RandomStream random)
    {
        if (!_stratified)
        {
            return ELpipsSampler.Scale(_probabilities, random);
        }

        // Two of each first, for the error; then whichever lags most behind its share.
        var next = 0;
        for (var i = 1; i < _strata.Length; i++)
        {
            next = Lag(i) < Lag(next) ? i : next;
        }

        return next + 1;

        double Lag(int i) => _strata[i].Count < 2 ? (_strata[i].Count * 1e-3) - 1 : (_strata[i].Count + 1.0) * (i + 1);
    }

    /// <summary>Takes in a sample: the contribution of each layer.</summary>
    public void Add(int scale, double[] perLayer) => _strata[_stratified ? scale - 1 : 0].Add(perLayer);

    private double Weighted(Func<RunningMoments, double, double> term) =>
        _strata.Select((stratum, i) => term(stratum, _stratified ? _probabilities[i] : 1)).Sum();
}
