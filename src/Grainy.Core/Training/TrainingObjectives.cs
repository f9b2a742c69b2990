using Grainy.Core.Images;
using Grainy.Core.Training.BlindSpot;
using Grainy.Core.Training.Masking;
using Grainy.Core.Training.Neighbors;
using Grainy.Core.Training.Pairs;
using Grainy.Core.Training.ZeroShot;

namespace Grainy.Core.Training;

/// <summary>Makes the objective that the settings name.</summary>
internal static class TrainingObjectives
{
    /// <param name="settings">Already validated.</param>
    /// <param name="scenes">Not yet looked at; the objective refuses what it cannot train on.</param>
    /// <exception cref="ArgumentException">Images that do not suit the method: one sentence for people.</exception>
    public static ITrainingObjective Create(TrainingSettings settings, IReadOnlyList<TrainingScene> scenes) => settings.Method switch
    {
        TrainingMethods.BlindSpot => new BlindSpotObjective(settings, Frames(scenes)),
        TrainingMethods.Noise2Noise or TrainingMethods.Noise2Clean => new PairObjective(settings, scenes),
        TrainingMethods.Neighbor2Neighbor => new NeighborObjective(settings, Frames(scenes)),
        TrainingMethods.Noise2Void => new MaskObjective(settings, Frames(scenes)),
        TrainingMethods.ZeroShot => new ZeroShotObjective(settings, Frames(scenes)),
        var other => throw new ArgumentException($"There is no method '{other}'; choose {string.Join(", ", TrainingMethods.All)}."),
    };

    private static ImageBuffer[] Frames(IReadOnlyList<TrainingScene> scenes) => [.. scenes.SelectMany(scene => scene.Frames)];
}
