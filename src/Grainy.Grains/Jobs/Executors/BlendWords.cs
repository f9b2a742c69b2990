using System.Globalization;
using Grainy.Core.Blending;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Stages of a blend as people read them.</summary>
internal static class BlendWords
{
    public static string Of(BlendStep step) => step.Stage switch
    {
        BlendStage.Given => "the image itself",
        BlendStage.Start => "where it starts",
        BlendStage.Coarse => "reduced size",
        BlendStage.Fine => "full working size",
        _ => "done",
    };

    /// <summary>What happened to a frame that was moved along its chain.</summary>
    public static string Moved(BlendStep step) => $"moved to {Place(step.Weights)}";

    /// <summary>The share of the second of two images, or the shares of all.</summary>
    public static string Place(IReadOnlyList<double> weights)
    {
        var shares = weights.Select(weight => (100 * weight).ToString(weights.Count == 2 ? "0.#" : "0", CultureInfo.InvariantCulture));
        return $"{(weights.Count == 2 ? shares.Last() : string.Join(" / ", shares))} %";
    }
}
