using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;

namespace Grainy.Core.Metrics.ELpips;

/// <summary>
/// The sampling of the published code: batches of ten. Scale, its phase and transposition are drawn once for a batch; flips, channel permutations and factors
/// are stratified within it (all flips and permutations as evenly as ten allow; each factor once in every tenth of its range, in random order); shifts and
/// dropout are independent. The value is the plain mean.
/// </summary>
/// <remarks>
/// Samples of a batch depend on each other, above all by their common scale, so the standard error is that of the means of batches
/// (<see cref="BatchError"/>). (The published program takes all samples as independent; its error bar was measured to be 2.8 times too small on the example pair.)
/// </remarks>
internal sealed class ReferenceSampling : IEnsembleSampling
{
    /// <summary>Samples of a batch.</summary>
    public const int BatchSize = 10;

    /// <summary>Fewer batches say too little of their spread to stop by it.</summary>
    private const int FewestBatches = 10;

    private readonly SeedSequence _seed;
    private readonly double[] _probabilities;
    private readonly BatchSums[] _sums;
    private PictureDraw[] _batch;

    /// <param name="seed">Of all draws.</param>
    /// <param name="scales">Largest scale.</param>
    /// <param name="candidates">Images that share the transforms.</param>
    /// <param name="layers">Number of layers of the distance.</param>
    public ReferenceSampling(ulong seed, int scales, int candidates, int layers)
    {
        (_seed, _probabilities) = (new SeedSequence(seed), ELpipsSampler.Probabilities(scales));
        _sums = [.. Enumerable.Range(0, candidates).Select(_ => new BatchSums(layers, scales, candidates))];
        _batch = DrawBatch(0);
    }

    public string Description => "reference batches of 10";

    public int Count { get; private set; }

    public bool MayStop => Count % BatchSize == 0 && Count / BatchSize >= FewestBatches;

    public IReadOnlyList<PictureDraw> Group => _batch;

    public int TakenOfGroup => Count % BatchSize;

    public void Add(IReadOnlyList<double[]> perCandidate)
    {
        var groups = _sums[0].Groups(_batch[TakenOfGroup].Transform);
        for (var candidate = 0; candidate < _sums.Length; candidate++)
        {
            _sums[candidate].Add(groups, perCandidate, candidate);
        }

        Count++;
        if (Count % BatchSize == 0)
        {
            for (var candidate = 0; candidate < _sums.Length; candidate++)
            {
                _sums[candidate].EndBatch(_sums);
            }

            foreach (var sums in _sums)
            {
                sums.BeginBatch();
            }

            _batch = DrawBatch(Count / BatchSize);
        }
    }

    public SampleEstimate Estimate(int candidate)
    {
        var sums = _sums[candidate];
        var error = sums.ErrorOfMean();
        return new SampleEstimate(sums.Layers.Sum() / Count, double.IsNaN(error) ? null : error, [.. sums.Layers.Select(sum => sum / Count)]);
    }

    public (double Difference, double StandardError) Compare(int first, int second)
    {
        var difference = Estimate(second).Value - Estimate(first).Value;
        return (difference, BatchSums.ErrorOfDifference(_sums[first], _sums[second], second));
    }

    public IReadOnlyList<TransformShare> Attribution(int candidate) => _sums[candidate].Attribution();

    public SamplingState? State(int candidate) => Count % BatchSize == 0 ? new SamplingState([Count], [], [.. _sums[candidate].Numbers()]) : null;

    public void Continue(SamplingState state)
    {
        state.Require(1, 0, _sums[0].Numbers().Count);
        if (state.Samples % BatchSize != 0)
        {
            throw SamplingState.Damaged();
        }

        _sums[0].Restore(state.Sums, state.Counts[0] / BatchSize);
        Count = state.Counts[0];
        _batch = DrawBatch(Count / BatchSize);
    }

    private PictureDraw[] DrawBatch(int number)
    {
        var random = new RandomStream(_seed.Derive("elpips batch", number));
        var common = ELpipsSampler.Draw(ELpipsSampler.Scale(_probabilities, random), random);
        var flips = ELpipsSampler.Shuffled([.. Enumerable.Range(0, 12).Select(i => i % 4)], random);
        var permutations = ELpipsSampler.Shuffled([.. Enumerable.Range(0, 12).Select(i => i % 6)], random);
        var factors = Enumerable.Range(0, 3)
            .Select(_ => ELpipsSampler.Shuffled([.. Enumerable.Range(0, BatchSize).Select(i => (i + random.NextDouble()) / BatchSize)], random)).ToArray();
        return [.. Enumerable.Range(0, BatchSize).Select(i =>
        {
            var own = ELpipsSampler.Draw(common.Scale, random) with
            {
                Phase = common.Phase,
                Transpose = common.Transpose,
                FlipRows = flips[i] is 1 or 2,
                FlipColumns = flips[i] is 0 or 2,
                Permutation = ELpipsSampler.Permutations[permutations[i]],
                Factors = (ELpipsSampler.Factor(factors[0][i]), ELpipsSampler.Factor(factors[1][i]), ELpipsSampler.Factor(factors[2][i])),
            };
            return new PictureDraw(own, random.NextBits());
        })];
    }
}
