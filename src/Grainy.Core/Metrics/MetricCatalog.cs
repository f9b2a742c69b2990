using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics;

/// <summary>All metrics by name, and which of them can be used with the weights at hand.</summary>
public sealed class MetricCatalog(WeightStore weights)
{
    private const string Squeeze = "squeezenet1_1_features";
    private const string Alex = "alexnet_features";

    private static readonly (string Name, string[] Weights)[] Known =
    [
        ("psnr", []),
        ("ssim", []),
        ("lpips-alex", [Alex, "lpips_lin_v0.1_alex"]),
        ("lpips-squeeze", [Squeeze, "lpips_lin_v0.1_squeeze"]),
        ("elpips-squeeze", [Squeeze, "elpips_lin_squeeze_full_maxpool"]),
        ("builtin", [WeightVerification.BuiltInName]),
        ("elpips-builtin", [WeightVerification.BuiltInName]),
    ];

    /// <summary>In the order in which they are offered.</summary>
    public IReadOnlyList<string> Names { get; } = [.. Known.Select(metric => metric.Name)];

    /// <summary>True when the weights of that metric are installed; otherwise <paramref name="why"/> says what to do.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    public bool IsAvailable(string name, out string? why)
    {
        var missing = Entry(name).Weights.Where(weight => weights.Locate(weight) is null).ToArray();
        why = missing.Length == 0 ? null : $"{name} needs the weights {string.Join(" and ", missing)}: import them with 'grainy weights import FILE'.";
        return missing.Length == 0;
    }

    /// <summary>
    /// What a comparison shows unasked: PSNR, SSIM, and a plain and a robust perceptual distance; the built-in ones when no published weights are installed.
    /// </summary>
    public IReadOnlyList<string> DefaultSet() => IsAvailable("lpips-squeeze", out _) && IsAvailable("elpips-squeeze", out _)
        ? ["psnr", "ssim", "lpips-squeeze", "elpips-squeeze"]
        : ["psnr", "ssim", "builtin", "elpips-builtin"];

    /// <summary>A metric; its weights are read and verified by its first measurement.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    /// <exception cref="WeightFormatException">Its weights are not installed.</exception>
    public IMetric Create(string name)
    {
        if (!IsAvailable(name, out var why))
        {
            throw new WeightFormatException(why!);
        }

        return name switch
        {
            "psnr" => new PsnrMetric(),
            "ssim" => new SsimMetric(),
            "lpips-alex" or "lpips-squeeze" => new FeatureMetric(name, "lpips v0.1", () => LoadDistance(name)),
            "builtin" => new FeatureMetric(name, "builtin", () => LoadDistance(name)),
            _ => new ELpipsMetric(name, () => LoadDistance(name)),
        };
    }

    /// <summary>The distance of features under a metric, for those who need its gradient; the caller disposes it.</summary>
    internal FeatureDistance LoadDistance(string name, Device? device = null)
    {
        device ??= CPU;
        var sets = Entry(name).Weights.Select(weights.Require).ToArray();
        FeatureNetwork network = name switch
        {
            "lpips-alex" => new AlexFeatures(sets[0], device),
            "lpips-squeeze" => new SqueezeFeatures(sets[0], SqueezeVariant.Lpips, device),
            "elpips-squeeze" => new SqueezeFeatures(sets[0], SqueezeVariant.Full, device),
            _ => new CompactFeatures(sets[0], device),
        };
        return new FeatureDistance(network, sets[^1], device);
    }

    private static (string Name, string[] Weights) Entry(string name) =>
        Array.Find(Known, metric => metric.Name == name) is { Name: not null } found
            ? found
            : throw new ArgumentException($"There is no metric '{name}'; choose one of {string.Join(", ", Known.Select(metric => metric.Name))}.", nameof(name));
}
