using Grainy.Core.Denoising;

namespace Grainy.Core.Experiments;

/// <summary>How large an experiment is.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Network">One of <see cref="NetworkPresets"/>.</param>
/// <param name="SceneSide">Images are cut into square scenes of this side, in pixels.</param>
/// <param name="CropSide">Side of the training crops.</param>
/// <param name="Steps">Optimiser steps of each training.</param>
/// <param name="Repeats">Trainings of each kind, with seeds and scenes of their own.</param>
/// <param name="SceneCounts">Numbers of scenes to compare.</param>
/// <param name="Frames">The budget: exposures in all.</param>
/// <param name="Splits">Frames per scene into which the budget is split.</param>
/// <param name="TestScenes">Scenes that are kept for measuring.</param>
public sealed record ExperimentPreset(
    string Name, string Network, int SceneSide, int CropSide, long Steps, int Repeats, IReadOnlyList<int> SceneCounts, int Frames, IReadOnlyList<int> Splits, int TestScenes)
{
    /// <summary>Prices of a clean image, in noisy exposures, at which clean targets are weighed against pairs.</summary>
    public IReadOnlyList<int> Costs { get; init; } = [1, 3, 7, 15, 31];

    private static readonly ExperimentPreset[] Known =
    [
        new("toy", NetworkPresets.Compact, 96, 32, 150, 1, [1, 4, 16], 32, [2, 4, 8], 4),
        new("small", NetworkPresets.Compact, 128, 64, 5_000, 3, [1, 2, 4, 8, 16, 32, 64], 128, [2, 4, 8, 16], 8),
        new("full", NetworkPresets.Full, 256, 256, 100_000, 3, [1, 4, 16, 64, 256, 1024], 2_000, [2, 4, 10, 20], 24),
    ];

    /// <summary>All names: toy takes minutes on a processor and shows that all works, small a night, full wants a graphics card and thousands of scenes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(preset => preset.Name)];

    /// <summary>The preset of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ExperimentPreset Of(string name) =>
        Known.FirstOrDefault(preset => preset.Name == name) ?? throw new ArgumentException($"There is no preset '{name}'; choose {string.Join(", ", Names)}.");
}
