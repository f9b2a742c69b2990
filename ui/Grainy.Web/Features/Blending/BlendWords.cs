using Grainy.Contracts.Blending;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Blending;

/// <summary>Settings and values of a blend as people read them.</summary>
internal static class BlendWords
{
    /// <summary>Settings in one line.</summary>
    public static string Facts(BlendSnapshot blend)
    {
        var settings = blend.Settings;
        string[] parts =
        [
            Metric(blend.Metric),
            settings.Path == BlendPath.Geodesic ? "geodesic" : blend.Infos.Length == 2 ? "chain of barycentres" : "barycentres",
            .. settings.Spacing == FrameSpacing.Even ? ["spaced evenly in the metric"] : Array.Empty<string>(),
            $"longer side {settings.Size} px",
            $"at most {settings.StepsPerFrame:N0} steps per frame",
            $"seed {settings.Seed}",
            .. settings.Reference ? ["published procedure"] : Array.Empty<string>(),
            .. blend.FittingNote is { } note ? [note] : Array.Empty<string>(),
        ];
        return string.Join(" · ", parts);
    }

    /// <summary>A distance by its name for people.</summary>
    public static string Metric(string metric) => metric switch
    {
        "l2" => "Squared error (L2): the pixel mix, for contrast",
        _ => Words.Metric(metric),
    };

    /// <summary>A place between images, in percent.</summary>
    public static string Place(IReadOnlyList<double> weights) => weights.Count == 2
        ? $"{Words.Number(weights[1] * 100, "0.#")} %"
        : $"{string.Join(" / ", weights.Select(weight => Words.Number(weight * 100, "0")))} %";

    /// <summary>A value and its standard error, to the digits that mean something.</summary>
    public static string Energy(double energy, double? error) => error is > 0
        ? $"{Words.Number(energy * 1000, "0.000")} ± {Words.Number(error.Value * 1000, "0.000")}"
        : Words.Number(energy * 1000, "0.000");
}
