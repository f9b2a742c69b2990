using System.Diagnostics;
using Grainy.Core.Images;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;

namespace Grainy.Core.Metrics.ELpips;

/// <summary>
/// E-LPIPS (Kettunen, Härkönen, Lehtinen 2019): the mean of a distance of deep features over random transforms and dropout that both images share, which makes it
/// hard to fool. Scales are sampled in strata, and the standard error is the one that belongs to that sampling (see <see cref="StratifiedMean"/>).
/// </summary>
/// <param name="name">For example <c>elpips-squeeze</c>.</param>
/// <param name="load">Loads the weights; called by the first measurement.</param>
internal sealed class ELpipsMetric(string name, Func<FeatureDistance> load) : IMetric
{
    internal const int DefaultSamples = MetricOptions.DefaultSamples;
    internal const int SmallestSide = 32;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);
    private FeatureDistance? _distance;

    public string Name => name;

    public MetricInput Input { get; } = MetricInput.Photographs(SmallestSide);

    public bool LowerIsBetter => true;

    public IEnumerable<MetricBatch> MeasureMany(ImageBuffer reference, IReadOnlyList<ImageBuffer> candidates, MetricOptions options, CancellationToken ct) =>
        SeparateMeasurements.Of(this, reference, candidates, options, ct);

    public IEnumerable<MetricResult> Measure(ImageBuffer a, ImageBuffer b, MetricOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = options.Validated();
        var (left, right) = Input.Convert(a, b, name, settings);
        _distance ??= load();
        var tiled = new TiledDistance(_distance, right, [left]);
        var scales = ELpipsSampler.Scales(a.Height, a.Width);
        var samples = settings.Samples ?? (settings.TargetError is null ? DefaultSamples : settings.MostSamples);
        var mean = new StratifiedMean(scales, samples);
        var start = Stopwatch.GetTimestamp();
        while (mean.Count < samples && !IsPrecise(mean, settings))
        {
            var draw = Draw(mean, settings.Seed);
            double[] layers = [];
            foreach (var share in tiled.Measure([draw], (_, values) => layers = values[0], ct))
            {
                if (mean.HasValue && Stopwatch.GetElapsedTime(start) >= Slice)
                {
                    yield return Result(mean, scales, settings, final: false);
                    start = Stopwatch.GetTimestamp();
                }
            }

            mean.Add(draw.Transform.Scale, layers);
        }

        yield return Result(mean, scales, settings, final: true);
    }

    public void Dispose()
    {
        _distance?.Dispose();
        _distance = null;
    }

    // Twenty samples per look keep the choice of the moment from biasing the value noticeably.
    private static bool IsPrecise(StratifiedMean mean, MetricOptions options) =>
        options.TargetError is { } target && mean.Count % 20 == 0 && mean.Count >= 40 && mean.HasValue && 1.96 * mean.StandardError <= target * mean.Value;

    private static PictureDraw Draw(StratifiedMean mean, ulong seed)
    {
        // Every sample has a stream of its own, so that its draws depend on the seed and its number alone.
        var random = new RandomStream(new SeedSequence(seed).Derive("elpips", mean.Count));
        return new PictureDraw(ELpipsSampler.Draw(mean.NextScale(random), random), random.NextBits());
    }

    private MetricResult Result(StratifiedMean mean, int scales, MetricOptions options, bool final)
    {
        var fingerprint = $"elpips; {_distance!.Description}; {MetricInput.Describe(options)}; scales 1–{scales} by 1/s², shift 0–7, flips, transpose, channels, "
            + $"factors 0.2–1, dropout 0.01; "
            + $"{mean.Description}; n {mean.Count}; seed {options.Seed}";
        return new MetricResult(name, mean.Value, mean.StandardError, mean.Count, options.Seed, fingerprint, mean.PerLayer(_distance.Layers), final);
    }
}
