using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Grainy.Core.Images;
using Grainy.Core.Metrics.Perceptual;

namespace Grainy.Core.Metrics.ELpips;

/// <summary>One measurement of some candidates against one reference.</summary>
internal sealed class ELpipsRun
{
    // Draws that are computed before their distances are looked at.
    private const long PixelsPerPortion = 500_000;
    private const int MostPerPortion = 16;

    // Enough of large images to tell them from others.
    private const int MostHashedSamples = 4_000_000;

    private readonly string _name;
    private readonly FeatureDistance _distance;
    private readonly TiledDistance _tiled;
    private readonly int _candidates;
    private readonly ImageBuffer _reference;
    private readonly MetricOptions _options;
    private readonly int _scales;
    private readonly int _samples;
    private readonly IEnsembleSampling _sampling;
    private readonly string[] _identities;

    // Of the very first draw, for each candidate: all there is to tell of a large picture for a while.
    private double[][]? _first;

    /// <param name="name">Of the metric.</param>
    /// <param name="distance">Borrowed.</param>
    /// <param name="reference">Converted as the metric wants it.</param>
    /// <param name="candidates">The same.</param>
    /// <param name="options">Validated.</param>
    /// <param name="scales">Largest scale.</param>
    public ELpipsRun(
        string name, FeatureDistance distance, ImageBuffer reference, IReadOnlyList<ImageBuffer> candidates, MetricOptions options, int scales)
    {
        (_name, _distance, _candidates, _reference, _options, _scales) = (name, distance, candidates.Count, reference, options, scales);
        _tiled = new TiledDistance(distance, reference, candidates);
        _identities = [.. candidates.Select(Identity)];
        var state = options.ContinueFrom is { } text ? StateOf(text) : null;
        var samples = Math.Max(state?.Samples ?? 0, options.Samples ?? (options.TargetError is null ? MetricOptions.DefaultSamples : options.MostSamples));
        var batch = ReferenceSampling.BatchSize;
        _samples = options.Sampling == Sampling.Reference ? (samples + batch - 1) / batch * batch : samples;
        _sampling = options.Sampling == Sampling.Reference
            ? new ReferenceSampling(options.Seed, scales, candidates.Count, distance.Layers)
            : new StratifiedSampling(options.Seed, scales, samples, candidates.Count, distance.Layers);
        if (state is not null)
        {
            _sampling.Continue(state);
        }
    }

    /// <summary>True when no more samples are wanted.</summary>
    public bool IsDone => _sampling.Count >= _samples || (_options.TargetError is { } target && _sampling.MayStop && IsWithin(target));

    /// <summary>Measures until enough is known. Each step is a short one; it says whether <see cref="Batch"/> has anything to tell.</summary>
    public IEnumerable<bool> Steps(CancellationToken ct)
    {
        while (!IsDone)
        {
            ct.ThrowIfCancellationRequested();
            // Draws are computed in portions that are counted from the beginning of their group: wherever a measurement was interrupted, the same draws meet in
            // the network, and give the same bytes.
            var (group, taken, portion) = (_sampling.Group, _sampling.TakenOfGroup, Portion());
            var begin = taken / portion * portion;
            var distances = new double[Math.Min(portion, group.Count - begin)][][];
            foreach (var _ in _tiled.Measure([.. group.Skip(begin).Take(distances.Length)], (i, values) => distances[i] = values, ct))
            {
                _first = _sampling.Count == 0 ? distances[0] : null;
                yield return _sampling.Count > 0 || _first is not null;
            }

            foreach (var perCandidate in distances.Skip(taken - begin).Take(_samples - _sampling.Count))
            {
                _sampling.Add(perCandidate);
            }
        }
    }

    /// <summary>What is known so far.</summary>
    public MetricBatch Batch(bool final)
    {
        if (_sampling.Count == 0)
        {
            var parts = _first!.Select(layers => new MetricResult(_name, layers.Sum(), null, 0, _options.Seed, Fingerprint(), layers, Final: false));
            return new MetricBatch([.. parts], [], Final: false);
        }

        var results = Enumerable.Range(0, _candidates).Select(candidate => Result(candidate, final)).ToArray();
        var order = Enumerable.Range(0, results.Length).OrderBy(candidate => results[candidate].Value).ToArray();
        var differences = order.Zip(order.Skip(1), (first, second) =>
        {
            var (difference, error) = _sampling.Compare(first, second);
            return new PairedDifference(first, second, difference, error);
        });
        return new MetricBatch(results, [.. differences], final);
    }

    private MetricResult Result(int candidate, bool final)
    {
        var estimate = _sampling.Estimate(candidate);
        return new MetricResult(_name, estimate.Value, estimate.StandardError, _sampling.Count, _options.Seed, Fingerprint(), estimate.PerLayer, final)
        {
            Continuation = _sampling.State(candidate)?.ToText(_identities[candidate]),
            Attribution = _sampling.Attribution(candidate),
        };
    }

    private string Fingerprint() =>
        $"elpips; {_distance.Description}; {MetricInput.Describe(_options)}; scales 1–{_scales} by 1/s², shift 0–7, flips, transpose, channels, factors 0.2–1, "
        + $"dropout 0.01; {_sampling.Description}; n {_sampling.Count}; seed {_options.Seed}";

    private int Portion()
    {
        var scale = (long)_sampling.Group.Min(draw => draw.Transform.Scale);
        return (int)Math.Clamp(PixelsPerPortion * scale * scale / ((long)_reference.Height * _reference.Width), 1, MostPerPortion);
    }

    private bool IsWithin(double target) => Enumerable.Range(0, _candidates).All(candidate =>
    {
        var estimate = _sampling.Estimate(candidate);
        return 1.96 * estimate.StandardError <= target * estimate.Value;
    });

    private SamplingState StateOf(string text) => _candidates == 1
        ? SamplingState.FromText(text, _identities[0])
        : throw new ArgumentException("Only a measurement of one candidate can be continued: measure several from the beginning.", nameof(text));

    // Of all that the sums depend on, but not how many samples are wanted.
    private string Identity(ImageBuffer candidate)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"{_name};{_distance.Description};{_options.Sampling};{_options.Seed};{_scales};{_options.DataRange:R};{_options.Encoding}")));
        foreach (var image in new[] { candidate, _reference })
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($";{image.Channels}×{image.Height}×{image.Width};")));
            var every = (image.Planes.Length / MostHashedSamples) + 1;
            for (var row = 0; row < image.Channels * image.Height; row += every)
            {
                hash.AppendData(MemoryMarshal.AsBytes(image.Planes.AsSpan(row * image.Width, image.Width)));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
