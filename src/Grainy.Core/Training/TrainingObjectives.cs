using Grainy.Core.Training.BlindSpot;

namespace Grainy.Core.Training;

/// <summary>Makes the objective that the settings name.</summary>
internal static class TrainingObjectives
{
    /// <param name="settings">Already validated.</param>
    /// <param name="scenes">Not yet looked at; the objective refuses what it cannot train on.</param>
    /// <exception cref="ArgumentException">Images that do not suit the method: one sentence for people.</exception>
    public static ITrainingObjective Create(TrainingSettings settings, IReadOnlyList<TrainingScene> scenes) => settings.Method switch
    {
        TrainingMethods.BlindSpot => new BlindSpotObjective(settings, [.. scenes.SelectMany(scene => scene.Frames)]),
        var other => throw new ArgumentException($"The method '{other}' is not available in this build; choose {TrainingMethods.BlindSpot}."),
    };
}
