using Grainy.Core.Training;

namespace Grainy.Core.Experiments;

/// <summary>One training of an experiment.</summary>
/// <param name="Plot">The plot that its end is a point of.</param>
/// <param name="Series">The curve.</param>
/// <param name="X">Where on the plot.</param>
/// <param name="Repeat">From 1.</param>
/// <param name="Training">How to train; the same steps for all that are compared.</param>
/// <param name="Scenes">Makes what to learn from.</param>
/// <param name="Follows">True: quality is measured on the way too, for curves over time.</param>
public sealed record ExperimentCase(
    string Plot, string Series, double X, int Repeat, TrainingSettings Training, Func<IReadOnlyList<TrainingScene>> Scenes, bool Follows = false)
{
    /// <summary>Tells cases of one experiment apart.</summary>
    public string Key => FormattableString.Invariant($"{Plot}|{Series}|{X}|{Repeat}");
}
