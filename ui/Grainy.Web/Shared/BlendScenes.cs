using Grainy.Contracts.Blending;
using Grainy.Web.Shared.ImageViewer;

namespace Grainy.Web.Shared;

/// <summary>Blends as their viewer takes them: the same addresses for members and for guests.</summary>
internal static class BlendScenes
{
    private const int Preview = 1024;

    public static BlendScene Scene(this BlendSnapshot blend) => new()
    {
        Blend = blend.Id,
        Images = [.. blend.Infos.Select((image, place) => Side(image.Name, ImageUrls.Of(blend, place, Preview)))],
        Width = blend.LeftInfo.Width,
        Height = blend.LeftInfo.Height,
        Size = blend.Settings.Size,
        Parts = blend.Infos.Length == 2 ? blend.Settings.Frames - 1 : blend.Settings.Divisions,
        IsPixelMix = blend.Metric == "l2",
        Anywhere = blend.Settings.Path == BlendPath.Chain,
        Computing = blend.JobState?.IsActive() == true,
        Targets = [.. blend.Targets.Select(target => new BlendPlace(target.Index, target.Weights, target.Wished))],
        Axis = blend.SpacingBefore is null ? null : Axis(blend),
        Frames = [.. blend.Frames.Select(frame => new BlendPicture(
            frame.Index, frame.Weights ?? [1 - frame.Weight, frame.Weight], ImageUrls.Frame(blend.Id, frame), frame.Final, frame.Stages, frame.Energy, frame.MixEnergy))],
    };

    /// <summary>The images in one line.</summary>
    public static string Title(this BlendSnapshot blend) => string.Join(blend.Infos.Length == 2 ? " → " : ", ", blend.Infos.Select(image => image.Name));

    private static double[][] Axis(BlendSnapshot blend)
    {
        double[] weights = [.. blend.Targets.Where(target => !target.Wished).Select(target => target.Weights[1]).Order()];
        // Between better pictures the distances are measured anew.
        var places = blend.Spacing is { } spacing && spacing.Distances.Length == weights.Length - 1 ? spacing.Places() : [.. weights.Select((_, i) => i / (weights.Length - 1.0))];
        return [.. weights.Zip(places, (weight, place) => new[] { weight, place })];
    }

    private static ViewerSide Side(string name, string url) => new(name, url, url);
}
