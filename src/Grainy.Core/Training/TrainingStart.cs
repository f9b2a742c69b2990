using Grainy.Core.Denoising;
using Grainy.Core.Tensors;

namespace Grainy.Core.Training;

/// <summary>Fills a network before its first step.</summary>
internal static class TrainingStart
{
    /// <summary>With the weights of the model that the settings name, or random ones.</summary>
    /// <param name="refuse">Called before an exception, to free what was made so far.</param>
    /// <exception cref="DenoiserFormatException">The model has another network: one sentence for people.</exception>
    public static void Fill(FlatParameters parameters, TrainingSettings settings, string network, int channels, bool smooth, Action refuse)
    {
        if (settings.StartFrom is not { } start)
        {
            parameters.Initialise(new SeedSequence(settings.Seed));
            return;
        }

        var preset = network == NetworkKinds.ZeroShot ? start.Settings.Preset : settings.Preset;
        if ((start.Settings.Network, start.Settings.Preset, start.Settings.Channels, start.Settings.Smooth) != (network, preset, channels, smooth))
        {
            refuse();
            throw new DenoiserFormatException(
                $"The model to start from is a {start.Settings.Preset} {start.Settings.Network} network of {start.Settings.Channels} channels, trained by "
                + $"{start.Settings.Method}; this training needs a {settings.Preset} {network} network of {channels}: leave the start out, or choose its method.");
        }

        parameters.Load(start.Weights);
    }
}
