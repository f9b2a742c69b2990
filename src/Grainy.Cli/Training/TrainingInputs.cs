using Grainy.Core.Images;
using Grainy.Core.Training;

namespace Grainy.Cli.Training;

/// <summary>Reads the images of a training: files, pages of stacks, references; in bounded memory, whatever their number.</summary>
/// <param name="Scenes">What there is to learn from.</param>
/// <param name="Note">What was left out to bound the memory; null: nothing.</param>
internal sealed record TrainingInputs(IReadOnlyList<TrainingScene> Scenes, string? Note)
{
    /// <summary>Reads everything that the command line names.</summary>
    /// <exception cref="CommandFailedException">A file that cannot be used, or frames of a scene with different depths.</exception>
    public static TrainingInputs Read(CommandContext context, string method, IReadOnlyList<string> paths, Action<double, string> progress)
    {
        var pairs = method is TrainingMethods.Noise2Noise or TrainingMethods.Noise2Clean;
        var first = Inputs.Read(paths[0]);
        var groups = pairs ? SceneOptions.Group(context, paths, first.Facts.Pages > 1) : null;
        var references = SceneOptions.References(context);
        // A guess from the first file is enough to bound the memory; stacks are rarely of different length.
        var frames = (paths.Count * first.Facts.Pages) + references.Count;
        var windows = new FrameWindows(frames, first.Image);
        var (scenes, depths) = (new SortedDictionary<int, List<ImageBuffer>>(), new Dictionary<int, (string Path, int Depth, bool Float)>());
        var read = 0;
        for (var index = 0; index < paths.Count; index++)
        {
            var (path, scene) = (paths[index], groups?[index] ?? index);
            var top = index == 0 ? first : read % windows.Every == 0 || first.Facts.Pages > 1 ? Inputs.Read(path) : null;
            for (var page = 0; page < (top?.Facts.Pages ?? 1); page++, read++)
            {
                if (read % windows.Every == 0)
                {
                    var (image, facts) = page == 0 ? top! : Inputs.Read(path, page);
                    RequireDepth(scene, path, facts);
                    if (TrainingInput.Problem(image) is { } problem)
                    {
                        throw new CommandFailedException($"{path}{(facts.Pages > 1 ? $", page {page + 1}" : "")}: {problem}");
                    }

                    Frames(scene).Add(windows.Keep(image, scene));
                    progress(read / (double)Math.Max(frames, read + 1), path);
                }
            }
        }

        return new TrainingInputs(Join(scenes, references, windows, method), windows.Note);

        List<ImageBuffer> Frames(int scene) => scenes.TryGetValue(scene, out var list) ? list : scenes[scene] = [];

        void RequireDepth(int scene, string path, ImageFacts facts)
        {
            if (depths.TryAdd(pairs ? scene : 0, (path, facts.BitDepth, facts.IsFloat)) || depths[pairs ? scene : 0] is var known && (known.Depth, known.Float) == (facts.BitDepth, facts.IsFloat))
            {
                return;
            }

            throw new CommandFailedException(
                $"'{known.Path}' has {Depth(known.Depth, known.Float)} samples and '{path}' {Depth(facts.BitDepth, facts.IsFloat)}: their values do not mean the same; "
                + "convert them alike, or train on each kind by itself");
        }
    }

    private static TrainingScene[] Join(SortedDictionary<int, List<ImageBuffer>> scenes, IReadOnlyList<string> references, FrameWindows windows, string method)
    {
        if (method == TrainingMethods.Noise2Clean && references.Count != scenes.Count)
        {
            throw new CommandFailedException(
                $"{scenes.Count} scene{(scenes.Count == 1 ? "" : "s")} need as many references, but --clean names {references.Count}; "
                + "check --scenes, which says what files show the same scene");
        }

        return [.. scenes.Select((scene, index) =>
            new TrainingScene(scene.Value, references.Count > 0 ? windows.Keep(Inputs.Read(references[index]).Image, scene.Key) : null))];
    }

    private static string Depth(int bits, bool isFloat) => isFloat ? "floating-point" : $"{bits}-bit";
}
