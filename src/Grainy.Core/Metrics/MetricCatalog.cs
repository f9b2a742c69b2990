using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.MsSsim;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Metrics.Psnr;
using Grainy.Core.Metrics.Ssim;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics;

/// <summary>All metrics by name, and which of them can be used with the weights at hand.</summary>
public sealed class MetricCatalog(WeightStore weights)
{
    private const string Squeeze = "squeezenet1_1_features";
    private const string Alex = "alexnet_features";
    private const string Vgg = "vgg16_features";
    private const string BuiltIn = WeightVerification.BuiltInName;

    // One line per metric, in the order in which they are offered.
    private static readonly MetricEntry[] Known =
    [
        new("psnr", () => new PsnrMetric()),
        new("ssim", () => new SsimMetric()),
        new("ms-ssim", () => new MsSsimMetric()),
        new("lpips-alex", [Alex, "lpips_lin_v0.1_alex"], (set, on) => new AlexFeatures(set, on), Lpips),
        new("lpips-squeeze", [Squeeze, "lpips_lin_v0.1_squeeze"], (set, on) => new SqueezeFeatures(set, SqueezeVariant.Lpips, on), Lpips),
        new("lpips-vgg", [Vgg, "lpips_lin_v0.1_vgg"], (set, on) => new VggFeatures(set, VggVariant.Lpips, on), Lpips),
        new("elpips-squeeze", [Squeeze, "elpips_lin_squeeze_full_maxpool"], (set, on) => new SqueezeFeatures(set, SqueezeVariant.Full, on), Ensemble),
        new("elpips-vgg", [Vgg, "elpips_lin_vgg_full_avg"], (set, on) => new VggFeatures(set, VggVariant.Full, on), Ensemble),
        new("elpips-lpips-squeeze", [Squeeze, "elpips_lin_squeeze"], (set, on) => new SqueezeFeatures(set, SqueezeVariant.LpipsFloor, on), PlainMode),
        new("elpips-lpips-vgg", [Vgg, "elpips_lin_vgg_maxpool"], (set, on) => new VggFeatures(set, VggVariant.Lpips, on), PlainMode),
        new("builtin", [BuiltIn], (set, on) => new CompactFeatures(set, on), (name, load) => new FeatureMetric(name, "builtin", load)),
        new("elpips-builtin", [BuiltIn], (set, on) => new CompactFeatures(set, on), Ensemble),
    ];

    /// <summary>In the order in which they are offered.</summary>
    public IReadOnlyList<string> Names { get; } = [.. Known.Select(metric => metric.Name)];

    /// <summary>True when the weights of that metric are installed; otherwise <paramref name="why"/> says what to do.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    public bool IsAvailable(string name, out string? why)
    {
        var missing = Entry(name).Weights.Where(weight => weights.Locate(weight) is null).ToArray();
        why = missing.Length == 0
            ? null
            : $"{name} needs the weights {string.Join(" and ", missing)}: 'grainy weights pull {name}' fetches them, 'grainy weights import FILE' takes in files.";
        return missing.Length == 0;
    }

    /// <summary>Names of the sets of weights that a metric is made of; none for PSNR and SSIM.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    public static IReadOnlyList<string> WeightsOf(string name) => Entry(name).Weights;

    /// <summary>
    /// What a comparison shows unasked: PSNR, SSIM, and a plain and a robust perceptual distance; the built-in ones when no published weights are installed.
    /// </summary>
    public IReadOnlyList<string> DefaultSet() => IsAvailable("lpips-squeeze", out _) && IsAvailable("elpips-squeeze", out _)
        ? ["psnr", "ssim", "lpips-squeeze", "elpips-squeeze"]
        : ["psnr", "ssim", "builtin", "elpips-builtin"];

    /// <summary>A metric; its weights are read and verified by its first measurement.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    /// <exception cref="WeightFormatException">Its weights are not installed.</exception>
    public IMetric Create(string name) =>
        IsAvailable(name, out var why) ? Entry(name).Make(name, () => LoadDistance(name)) : throw new WeightFormatException(why!);

    /// <summary>The distance of features under a metric, for those who need its gradient; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">There is no such metric, or it is not one of features.</exception>
    internal FeatureDistance LoadDistance(string name, Device? device = null)
    {
        var entry = Entry(name);
        var make = entry.Network ?? throw new ArgumentException($"'{name}' is not a distance of features.", nameof(name));
        device ??= CPU;
        var sets = entry.Weights.Select(weights.Require).ToArray();
        return new FeatureDistance(make(sets[0], device), sets[^1], device);
    }

    private static FeatureMetric Lpips(string name, Func<FeatureDistance> load) => new(name, "lpips v0.1", load);

    private static FeatureMetric PlainMode(string name, Func<FeatureDistance> load) => new(name, "lpips mode of elpips", load);

    private static ELpipsMetric Ensemble(string name, Func<FeatureDistance> load) => new(name, load);

    private static MetricEntry Entry(string name) => Array.Find(Known, metric => metric.Name == name)
        ?? throw new ArgumentException($"There is no metric '{name}'; choose one of {string.Join(", ", Known.Select(metric => metric.Name))}.", nameof(name));
}
