using System.Globalization;
using Grainy.Core.Training;
using Grainy.Core.Training.ZeroShot;

namespace Grainy.Benchmarks.RealData;

/// <summary>How long each method trains: by time, which favours cheap steps, or by steps, which gives the same table on every machine.</summary>
internal sealed record TrainingLength(double? Seconds, long? Steps)
{
    /// <summary>For the table.</summary>
    public string Words => Steps is { } steps ? $"{steps} steps of training ({StepsOfZeroShot} of zero-shot's cheaper ones, at most)" : $"{Seconds:F0} s of training";

    /// <summary>Its own stop usually ends it earlier.</summary>
    public ZeroShotSettings ZeroShot => Seconds is { } seconds ? new ZeroShotSettings { BudgetSeconds = seconds } : new ZeroShotSettings { BudgetSeconds = 3_600, MostSteps = StepsOfZeroShot };

    private long StepsOfZeroShot => 5 * Steps!.Value;

    /// <param name="text">Seconds, or a number of steps as in <c>400steps</c>.</param>
    public static TrainingLength Parse(string text) => text.EndsWith("steps", StringComparison.Ordinal)
        ? new(null, long.Parse(text[..^"steps".Length], CultureInfo.InvariantCulture))
        : new(double.Parse(text, CultureInfo.InvariantCulture), null);

    /// <summary>Settings with this length.</summary>
    public TrainingSettings Of(TrainingSettings settings) => settings with { BudgetSeconds = Seconds, Steps = Steps };
}
