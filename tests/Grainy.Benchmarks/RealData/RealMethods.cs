using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training;
using Grainy.Core.Training.Registration;
using Grainy.Core.Training.ZeroShot;

namespace Grainy.Benchmarks.RealData;

/// <summary>One way to denoise a set.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Run">Denoised first frames of the tested scenes, in order.</param>
internal sealed record RealMethod(string Name, Func<RealScenes, IReadOnlyList<ImageBuffer>> Run)
{
    /// <summary>All that apply to a set, trained for <paramref name="length"/> each.</summary>
    public static IEnumerable<RealMethod> For(RealScenes set, TrainingLength length)
    {
        yield return new("noisy", Tested);
        yield return new("built-in model", scenes => Denoise(scenes, DenoiserModel.BuiltIn));
        yield return Trained("blind-spot", new() { Method = TrainingMethods.BlindSpot });
        foreach (var hole in new[] { 1, 2, 3 })
        {
            yield return Trained($"blind-spot, hole {hole}", new() { Method = TrainingMethods.BlindSpot, BlindSpot = new() { Hole = hole } });
        }

        yield return Trained("neighbor2neighbor", new() { Method = TrainingMethods.Neighbor2Neighbor });
        yield return Trained("noise2void (N2V2)", new() { Method = TrainingMethods.Noise2Void });
        yield return new("zero-shot", scenes => [.. Tested(scenes).Select(image =>
            ZeroShotDenoiser.Run(image, length.ZeroShot, CancellationToken.None).Last().Result!)]);
        if (set.Burst)
        {
            yield return Trained("noise2noise", new() { Method = TrainingMethods.Noise2Noise });
            yield return Trained("noise2noise, aligned", new() { Method = TrainingMethods.Noise2Noise }, align: true);
        }

        yield return Trained("noise2clean (other scenes)", new() { Method = TrainingMethods.Noise2Clean });

        RealMethod Trained(string name, TrainingSettings settings, bool align = false) =>
            new(name, scenes => Train(scenes, length.Of(settings), align));
    }

    /// <summary>What the product proposes for the noisy images, as a method of its own.</summary>
    public static (NoiseProposal Proposal, RealMethod Method) Proposed(RealScenes set, TrainingLength length)
    {
        ImageBuffer[] frames = set.Burst ? [.. set.Scenes[0].Frames] : [.. set.Scenes.SelectMany(scene => scene.Frames)];
        var proposal = NoiseAnalysis.Run(frames, set.Burst).Proposal;
        var settings = new TrainingSettings
        {
            Method = proposal.Method,
            Preset = proposal.Preset,
            BlindSpot = new() { Hole = proposal.Hole, Noise = proposal.Model },
            Noise2Void = proposal.Structure == "none" ? new() : new() { Structure = proposal.Structure, Span = (2 * Math.Max(1, proposal.Hole)) + 1 },
        };
        return (proposal, new($"**proposed**: {Describe(proposal)}", proposal.Method == TrainingMethods.ZeroShot
            ? For(set, length).Single(method => method.Name == "zero-shot").Run
            : scenes => Train(scenes, length.Of(settings), align: proposal.Method == TrainingMethods.Noise2Noise)));
    }

    private static string Describe(NoiseProposal proposal) => proposal.Method switch
    {
        TrainingMethods.BlindSpot => $"{proposal.Method}, hole {proposal.Hole}, {proposal.Model}",
        TrainingMethods.Noise2Void => $"{proposal.Method}, mask {proposal.Structure}",
        _ => proposal.Method,
    };

    private static ImageBuffer[] Tested(RealScenes set) => [.. set.Scenes.Where(scene => scene.Tested).Select(scene => scene.Frames[0])];

    // References are learned from on other scenes than the tested ones; methods without references may see the tested noise, as they do in use.
    private static ImageBuffer[] Train(RealScenes set, TrainingSettings settings, bool align)
    {
        var clean = settings.Method == TrainingMethods.Noise2Clean;
        TrainingScene[] scenes = [.. set.Scenes.Where(scene => !clean || !scene.Tested).Select(scene => new TrainingScene(scene.Frames, clean ? scene.Truth : null))];
        IReadOnlyList<TrainingScene> aligned = align ? SceneRegistration.Inspect(scenes, clean, correct: true, CancellationToken.None).Scenes : scenes;
        using var run = new TrainingRun(settings, aligned);
        foreach (var _ in run.Run(CancellationToken.None))
        {
        }

        return Denoise(set, run.Export());
    }

    private static ImageBuffer[] Denoise(RealScenes set, DenoiserModel model) =>
        [.. Tested(set).Select(image => Denoiser.Run(model, image, new DenoiseOptions(), CancellationToken.None).Last().Result!)];
}
