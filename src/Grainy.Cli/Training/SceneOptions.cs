using System.CommandLine;
using System.Globalization;
using Grainy.Core.Training;

namespace Grainy.Cli.Training;

/// <summary>How files become scenes, for methods that learn from pairs.</summary>
internal static class SceneOptions
{
    private static readonly Option<string?> Scenes = new("--scenes")
    {
        Description = "Which files show the same scene: one (all of them), folder (those in a folder), stack (the pages of a file), or a number (so many in a row) [default: stack for files of several pages, folder where there are several, else one]",
        HelpName = "how",
    };

    private static readonly Option<string[]> Clean = new("--clean")
    {
        Description = "Clean references for noise2clean, one for each scene in the same order",
        HelpName = "files",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> Align = new("--align") { Description = "Correct the shift and the brightness of frames where they are off" };

    public static IReadOnlyList<Symbol> All => [Scenes, Clean, Align];

    public static bool IsAligned(CommandContext context) => context.Get(Align);

    public static IReadOnlyList<string> References(CommandContext context) => context.Get(Clean) ?? [];

    /// <summary>The scene of each file; null where each page of a file is a frame of the file's own scene.</summary>
    /// <exception cref="UsageException">The word is unknown, or the number does not divide the files.</exception>
    public static int[]? Group(CommandContext context, IReadOnlyList<string> paths, bool severalPages)
    {
        var folders = paths.Select(path => Path.GetDirectoryName(Path.GetFullPath(path))!).ToArray();
        var how = context.Get(Scenes) ?? (severalPages ? "stack" : folders.Distinct().Count() > 1 ? "folder" : "one");
        switch (how)
        {
            case "stack": return null;
            case "one": return new int[paths.Count];
            case "folder":
                var order = folders.Distinct().ToList();
                return [.. folders.Select(folder => order.IndexOf(folder))];
            default:
                if (!int.TryParse(how, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size < 1)
                {
                    throw new UsageException($"'{how}' does not fit --scenes: it must be one, folder, stack or a number of files in a row");
                }

                return paths.Count % size == 0
                    ? [.. Enumerable.Range(0, paths.Count).Select(index => index / size)]
                    : throw new UsageException($"{paths.Count} files do not make scenes of {size}; give all files of each scene, in order");
        }
    }

    /// <summary>Refuses what only methods on pairs can use.</summary>
    public static void Require(CommandContext context, string method)
    {
        var pairs = method is TrainingMethods.Noise2Noise or TrainingMethods.Noise2Clean;
        if (!pairs && (context.Get(Scenes) is not null || IsAligned(context)))
        {
            throw new UsageException($"--scenes and --align belong to methods that compare frames of a scene, not to {method}");
        }

        if (method != TrainingMethods.Noise2Clean && References(context).Count > 0)
        {
            throw new UsageException($"--clean belongs to --method {TrainingMethods.Noise2Clean}, not to {method}");
        }
    }
}
