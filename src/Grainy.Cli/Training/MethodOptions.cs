using System.CommandLine;
using Grainy.Cli.Options;
using Grainy.Core.Training;
using Grainy.Core.Training.Losses;
using Grainy.Core.Training.Masking;

namespace Grainy.Cli.Training;

/// <summary>Which method of training, and the choices that only some methods have.</summary>
internal static class MethodOptions
{
    private static readonly Option<string?> Method = Choice.Of("--method", TrainingMethods.BlindSpot, "How", [.. TrainingMethods.All]);
    private static readonly Option<string?> Loss = Choice.Of("--loss", null, "What pairs are compared by [default: l2]", [.. RegressionLosses.All]);
    private static readonly Option<double?> Missing = Checked.OptionalNumber("--missing", -1e9, 1e9, "The sample that stands for no sample, for --loss masked-l2 [default: 0]");
    private static readonly Option<double?> Consistency = Checked.OptionalNumber("--consistency", 0, 20, "How much Neighbor2Neighbor holds on to detail [default: 2]");
    private static readonly Option<string?> Mask = Choice.Of("--mask", null, "How Noise2Void hides pixels: median is N2V2, uniform the first form [default: median]", "median", "uniform");
    private static readonly Option<double?> Masked = Checked.OptionalNumber("--masked-percent", 0.1, 10, "Share of pixels that Noise2Void hides at a time [default: 1.5]");
    private static readonly Option<string?> Structure = Choice.Of("--mask-structure", null, "What Noise2Void hides around a pixel, for noise along lines [default: none]", [.. MaskStructures.All]);
    private static readonly Option<int?> Span = Checked.OptionalInteger("--mask-span", 3, 15, "Length of --mask-structure in pixels, odd [default: 5]");

    public static IReadOnlyList<Symbol> All => [Method, Loss, Missing, Consistency, Mask, Masked, Structure, Span];

    public static string MethodOf(CommandContext context) => context.Get(Method)!;

    /// <summary>The settings with what was chosen.</summary>
    /// <exception cref="UsageException">A choice that the method does not have.</exception>
    public static TrainingSettings Apply(CommandContext context, TrainingSettings settings)
    {
        var method = MethodOf(context);
        var pairs = method is TrainingMethods.Noise2Noise or TrainingMethods.Noise2Clean;
        Only(pairs, "noise2noise or noise2clean", (Loss, context.Get(Loss)), (Missing, context.Get(Missing)));
        Only(method == TrainingMethods.Neighbor2Neighbor, TrainingMethods.Neighbor2Neighbor, (Consistency, context.Get(Consistency)));
        Only(
            method == TrainingMethods.Noise2Void, TrainingMethods.Noise2Void,
            (Mask, context.Get(Mask)), (Masked, context.Get(Masked)), (Structure, context.Get(Structure)), (Span, context.Get(Span)));
        return settings with
        {
            Method = method,
            Noise2Noise = new() { Loss = context.Get(Loss) ?? RegressionLosses.L2, MissingValue = context.Get(Missing) ?? 0 },
            Neighbor2Neighbor = context.Get(Consistency) is { } weight ? new() { Consistency = weight } : new(),
            Noise2Void = new()
            {
                Version2 = context.Get(Mask) != "uniform",
                MaskedPercent = context.Get(Masked) ?? new Noise2VoidSettings().MaskedPercent,
                Structure = context.Get(Structure) ?? MaskStructures.None,
                Span = context.Get(Span) ?? new Noise2VoidSettings().Span,
            },
        };

        void Only(bool fits, string methods, params (Option Option, object? Value)[] choices)
        {
            if (!fits && choices.FirstOrDefault(choice => choice.Value is not null).Option is { } odd)
            {
                throw new UsageException($"{odd.Name} belongs to --method {methods}, not to {method}");
            }
        }
    }
}
