using System.CommandLine;
using Grainy.Cli.Options;
using Grainy.Core.Denoising;
using Grainy.Core.Noise;
using Grainy.Core.Training;

namespace Grainy.Cli.Training;

/// <summary>Choices of the method blind-spot.</summary>
internal static class BlindSpotOptions
{
    private static readonly Option<NoiseModel?> Noise = NoiseOption.Of("Kind of noise for blind-spot", "without its numbers they are learned");
    private static readonly Option<bool> PerImage = new("--noise-per-image") { Description = "Learn the numbers of --noise for each image instead of once for all" };
    private static readonly Option<string?> Covariance = Choice.Of("--covariance", null, "What blind-spot predicts beside the mean [default: full]", [.. CovarianceKinds.All]);
    private static readonly Option<int?> Hole = Checked.OptionalInteger("--hole", 0, 8, "Pixels around each pixel that blind-spot hides as well, for noise that neighbours share [default: 0]");

    public static IReadOnlyList<Symbol> All => [Noise, PerImage, Covariance, Hole];

    /// <summary>The settings with what was chosen.</summary>
    /// <exception cref="UsageException">A choice that the method does not have.</exception>
    public static TrainingSettings Apply(CommandContext context, TrainingSettings settings)
    {
        var (noise, covariance, hole) = (context.Get(Noise), context.Get(Covariance), context.Get(Hole));
        if (settings.Method != TrainingMethods.BlindSpot && (noise is not null || covariance is not null || hole is not null || context.Get(PerImage)))
        {
            throw new UsageException($"--noise, --noise-per-image, --covariance and --hole belong to --method blind-spot, not to {settings.Method}");
        }

        return settings with
        {
            BlindSpot = new BlindSpotSettings { Noise = noise, NoisePerImage = context.Get(PerImage), Covariance = covariance ?? CovarianceKinds.Full, Hole = hole ?? 0 },
        };
    }
}
