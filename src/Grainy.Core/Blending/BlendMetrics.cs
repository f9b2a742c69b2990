using Grainy.Core.Metrics;
using Grainy.Core.Weights;

namespace Grainy.Core.Blending;

/// <summary>Which metrics a blend can be computed under.</summary>
public static class BlendMetrics
{
    /// <summary>Mean squared error: its barycentre is the pixel mix, for contrast.</summary>
    public const string SquaredError = "l2";

    private const string Published = "elpips-squeeze";
    private const string BuiltIn = "elpips-builtin";

    /// <summary>All names, whether their weights are installed or not; the first two are what a person wants.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        Published, BuiltIn, "builtin", "lpips-squeeze", "lpips-alex", "lpips-vgg", "elpips-vgg", "elpips-lpips-squeeze", "elpips-lpips-vgg", "ssim", "ms-ssim", SquaredError,
    ];

    /// <summary>What is used when nothing is asked for.</summary>
    public static string Default(WeightStore weights) => new MetricCatalog(weights).IsAvailable(Published, out _) ? Published : BuiltIn;

    /// <summary>Names that can be used with the weights at hand.</summary>
    public static IReadOnlyList<string> Available(WeightStore weights)
    {
        var catalog = new MetricCatalog(weights);
        return [.. Names.Where(name => name == SquaredError || catalog.IsAvailable(name, out _))];
    }

    /// <summary>The name itself, or the default for null, once it is certain that it can be used.</summary>
    /// <exception cref="MetricInputException">No blend can be computed under it; the message says which ones there are.</exception>
    /// <exception cref="WeightFormatException">Its weights are not installed; the message says how to get them.</exception>
    public static string Require(string? name, WeightStore weights)
    {
        if (name is null)
        {
            return Default(weights);
        }

        if (!Names.Contains(name))
        {
            throw new MetricInputException($"No blend can be computed under '{name}'; choose of {string.Join(", ", Names)}.");
        }

        return name == SquaredError || new MetricCatalog(weights).IsAvailable(name, out var why) ? name : throw new WeightFormatException(why!);
    }
}
