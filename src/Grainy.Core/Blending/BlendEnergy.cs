using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// The energy of frames as an average over transforms that are drawn once, so that two pictures are judged alike. A single random transform, as the optimisation
/// uses for each step, varies too much to judge by. Scales have draws of their own, and count by their probability.
/// </summary>
internal sealed class BlendEnergy : IDisposable
{
    // Features of the images that are kept for all judgements; those that do not fit in are computed again each time.
    private const long MostKeptBytes = 300_000_000;

    private readonly BlendDistance _distance;
    private readonly (BlendDraw Draw, int Scale)[] _draws;
    private readonly double[] _probabilities;
    private readonly Dictionary<int, BlendReferences> _kept = [];
    private long _keptBytes;

    /// <param name="distance">Borrowed.</param>
    /// <param name="scales">Largest scale.</param>
    /// <param name="seed">Of the draws, none of which any step of the optimisation takes.</param>
    public BlendEnergy(BlendDistance distance, int scales, ulong seed)
    {
        _distance = distance;
        var random = new RandomStream(new SeedSequence(seed).Derive("blend energy"));
        _probabilities = distance.IsEnsemble ? ELpipsSampler.Probabilities(scales) : [1];
        _draws = distance.IsEnsemble
            ? [.. Enumerable.Range(1, scales).SelectMany(scale => Enumerable.Range(0, Count(scale)).Select(_ => (new BlendDraw(ELpipsSampler.Draw(scale, random), null), scale)))]
            : [(BlendDraw.Plain, 1)];
    }

    /// <summary>Measures pictures, one draw per step of the iterator.</summary>
    /// <param name="images"><c>[M, 3, H, W]</c>, always the same ones; borrowed.</param>
    /// <param name="pictures"><c>[1, 3, H, W]</c> each; borrowed.</param>
    /// <param name="weights">For each picture one weight per image.</param>
    /// <param name="values">Is given the energies and their errors at the end.</param>
    public IEnumerable<bool> Measure(Tensor images, IReadOnlyList<Tensor> pictures, IReadOnlyList<IReadOnlyList<double>> weights, (double Energy, double Error)[] values)
    {
        var samples = pictures.Select(_ => new double[_draws.Length]).ToArray();
        for (var draw = 0; draw < _draws.Length; draw++)
        {
            using (var scope = NewDisposeScope())
            using (no_grad())
            {
                var references = References(draw, images);
                for (var i = 0; i < pictures.Count; i++)
                {
                    var distances = references.To(pictures[i]).to(float64).data<double>().ToArray();
                    samples[i][draw] = distances.Zip(weights[i], (distance, weight) => weight * distance * distance).Sum();
                }

                Keep(draw, references);
            }

            yield return true;
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Estimate(samples[i]);
        }
    }

    /// <summary>Measures mean distances between neighbours of a chain, and between its ends, one draw of one pair per step of the iterator.</summary>
    /// <param name="chain">Gives the frames, <c>[1, 3, H, W]</c> each, as they are needed; freed here.</param>
    /// <param name="pairs">Numbers of the frames to compare.</param>
    /// <param name="values">Is given the distances and their errors.</param>
    /// <param name="squared">Means of squared distances.</param>
    public IEnumerable<bool> Distances(Func<int, Tensor> chain, IReadOnlyList<(int From, int To)> pairs, (double Distance, double Error)[] values, bool squared = false)
    {
        for (var pair = 0; pair < pairs.Count; pair++)
        {
            var samples = new double[_draws.Length];
            for (var draw = 0; draw < _draws.Length; draw++)
            {
                using (var scope = NewDisposeScope())
                using (no_grad())
                {
                    using var references = _distance.Take(chain(pairs[pair].From), _draws[draw].Draw);
                    var distance = references.To(chain(pairs[pair].To)).to(float64).data<double>()[0];
                    samples[draw] = squared ? distance * distance : distance;
                }

                yield return true;
            }

            values[pair] = Estimate(samples);
        }
    }

    /// <summary>Frees what is kept of the images.</summary>
    public void Dispose()
    {
        foreach (var references in _kept.Values)
        {
            references.Dispose();
        }
    }

    // The mean over all transforms from one value for each draw, with its standard error.
    private (double Energy, double Error) Estimate(double[] samples)
    {
        var (energy, variance) = (0.0, 0.0);
        foreach (var stratum in samples.Zip(_draws, (value, draw) => (value, draw.Scale)).GroupBy(pair => pair.Scale, pair => pair.value))
        {
            var (count, mean, share) = (stratum.Count(), stratum.Average(), _probabilities[stratum.Key - 1]);
            energy += share * mean;
            variance += count < 2 ? 0 : share * share * stratum.Sum(value => (value - mean) * (value - mean)) / (count - 1) / count;
        }

        return (energy, Math.Sqrt(variance));
    }

    private static int Count(int scale) => scale switch { 1 => 8, 2 => 4, _ => 3 };

    private BlendReferences References(int draw, Tensor images) => _kept.TryGetValue(draw, out var kept) ? kept : _distance.Take(images, _draws[draw].Draw);

    private void Keep(int draw, BlendReferences references)
    {
        if (_kept.ContainsKey(draw))
        {
            return;
        }

        if (_keptBytes + references.Bytes > MostKeptBytes)
        {
            references.Dispose();
            return;
        }

        _kept[draw] = references;
        _keptBytes += references.Bytes;
    }
}
