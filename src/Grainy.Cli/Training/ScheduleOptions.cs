using System.CommandLine;
using Grainy.Cli.Options;
using Grainy.Core.Training;

namespace Grainy.Cli.Training;

/// <summary>How long a training takes, and how its steps are laid out.</summary>
internal static class ScheduleOptions
{
    private static readonly Option<TimeSpan?> Budget = new("--budget")
    {
        Description = "Time for computing, such as 90s, 2m or 1h; the learning rate is laid out over it [default: 2m]",
        HelpName = "time",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (Output.Durations.TryParse(text, out var value) && value >= TimeSpan.FromSeconds(5) && value <= TimeSpan.FromDays(1))
            {
                return value;
            }

            result.AddError($"'{text}' does not fit --budget: it must be a time such as 90s, 2m or 1h, from 5 s to 1 day.");
            return null;
        },
    };

    private static readonly Option<int?> Steps = Checked.OptionalInteger("--steps", 1, 100_000_000, "Number of steps instead of a time: such a run can be repeated bit for bit");
    private static readonly Option<int?> Crop = Checked.OptionalInteger("--crop", 32, 512, "Side of the training crops, a multiple of 32 [default: 64]");
    private static readonly Option<int?> Batch = Checked.OptionalInteger("--batch", 1, 64, "Crops per step [default: 4]");
    private static readonly Option<double?> Rate = Checked.OptionalNumber("--rate", 1e-6, 0.1, "Largest learning rate [default: 0.003 for muon; 0.002 for adam on compact, 0.0003 on full; with --from half of it, for adam a fifth]");
    private static readonly Option<string?> Schedule = Choice.Of("--schedule", null, "How the learning rate rises and falls [default: short for compact, laine for full]", [.. LearningRateSchedules.All]);
    private static readonly Option<string?> Optimizer = Choice.Of("--optimizer", null, "How a step is made of a gradient [default: muon for compact, adam for full]", [.. Optimizers.All]);

    public static IReadOnlyList<Symbol> All => [Budget, Steps, Crop, Batch, Rate, Schedule, Optimizer];

    /// <summary>The settings with what was chosen.</summary>
    /// <exception cref="UsageException">Both a time and a number of steps.</exception>
    public static TrainingSettings Apply(CommandContext context, TrainingSettings settings)
    {
        var (budget, steps) = (context.Get(Budget), context.Get(Steps));
        if (budget is not null && steps is not null)
        {
            throw new UsageException("give either --budget or --steps, not both");
        }

        return settings with
        {
            BudgetSeconds = steps is null ? (budget ?? TimeSpan.FromMinutes(2)).TotalSeconds : null,
            Steps = steps,
            CropSize = context.Get(Crop) ?? settings.CropSize,
            BatchSize = context.Get(Batch) ?? settings.BatchSize,
            LearningRate = context.Get(Rate),
            Schedule = context.Get(Schedule),
            Optimizer = context.Get(Optimizer),
        };
    }
}
