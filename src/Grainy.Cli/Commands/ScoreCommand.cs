using System.CommandLine;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Cli.Scoring;
using Grainy.Core.Metrics;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy score</c>: how far images are from a reference, with the doubt of every estimate.</summary>
internal static class ScoreCommand
{
    private static readonly Argument<string?> Reference = new("reference")
    {
        Description = "The image to compare with, or a folder of them",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string[]> Images = new("images")
    {
        Description = "Images of the same size: files, patterns such as 'out/*.png', or a folder; two folders are compared by the names in them, and stacks page by page",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Pairs = new("--pairs") { Description = "CSV file with two columns, reference and image", HelpName = "file" };
    private static readonly Option<string?> Metric = new("--metric", "-m")
    {
        Description = "A metric by its name, as psnr, ms-ssim or elpips-squeeze; several with commas [default: the best that the weights here allow]",
        HelpName = "name",
    };

    private static readonly Option<string?> Map = new("--map")
    {
        Description = "Write where the differences lie: per image and metric a float TIFF and a coloured PNG",
        HelpName = "folder",
    };

    private static readonly Option<double?> MapLargest = Checked.OptionalNumber(
        "--map-max", 1e-9, 1e9, "What the lightest colour of the maps stands for, to compare them [default: the largest value of each]");

    private static readonly Option<bool> Attribution = new("--attribution") { Description = "Show what E-LPIPS sees under each kind of transform" };
    private static readonly Option<bool> Csv = new("--csv") { Description = "Print the result as CSV and nothing else on standard output" };
    private static readonly Option<string?> Out = new("--out", "-o")
    {
        Description = "Write all values to this file too, as CSV or JSON by its ending",
        HelpName = "file",
    };

    public static CliCommand Build() =>
        new CliCommand(
            "score",
            "Measure how far images are from a reference",
            "score clean.png denoised.tif",
            "score clean.png 'results/*.png' --metric psnr,lpips-squeeze,elpips-squeeze --target-error 0.025",
            "score truth/ results/ --metric psnr,ssim --out scores.csv")
            .With([Reference, Images, Pairs, Metric, .. MeasureOptions.All, Map, MapLargest, Attribution, Csv, Out]).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        if (context.Json && context.Get(Csv))
        {
            throw new UsageException("--json and --csv cannot be had at once");
        }

        var write = Writer(context.Get(Out));
        var catalog = new MetricCatalog(context.Weights);
        var names = MetricNames.Of(context.Get(Metric), catalog);
        var options = MeasureOptions.Of(context);
        var (pairs, single) = PairsOf(context);
        pairs = StackPairs.Of(pairs);
        single &= pairs.Count == 1;
        var groups = new List<ScoreGroup>();
        if (context.Get(Csv))
        {
            Console.Out.WriteLine(ScoreDocument.CsvHeading);
        }

        var maps = context.Get(Map) is { } folder ? new MapFiles(context, catalog, options, folder, context.Get(MapLargest)) : null;
        await using (var run = new ScoreRun(context, catalog, names, options, maps))
        using (var progress = context.Progress())
        {
            var done = 0;
            foreach (var group in pairs.GroupBy(pair => pair.Reference).Select(group => group.ToArray()))
            {
                var before = done;
                groups.Add(await run.MeasureAsync(group, (share, text) => progress.Report((before + (share * group.Length)) / pairs.Count, text), stop));
                done += group.Length;
                progress.Wipe();
                Report(context, groups, single);
            }
        }

        return Finish(context, groups, single, write);
    }

    // What is known of one reference is printed before the next one is begun.
    private static void Report(CommandContext context, List<ScoreGroup> groups, bool single)
    {
        var group = groups[^1];
        foreach (var error in group.Rows.Where(row => row.Error is not null).DistinctBy(row => (row.Pair, row.Error)))
        {
            CommandContext.Complain(single ? error.Error! : $"{error.Pair.Image}: {error.Error}");
        }

        if (context.Get(Csv))
        {
            group.Rows.Select(ScoreDocument.CsvLine).ToList().ForEach(Console.Out.WriteLine);
            return;
        }

        if (single && group.Rows.All(row => row.Result is null))
        {
            return;
        }

        if (!single)
        {
            context.Print($"{(groups.Count > 1 ? "\n" : "")}Against {group.Rows[0].Pair.Reference}:");
        }

        context.Print(single ? ScoreTable.OfPair(group.Rows) : ScoreTable.OfGroup(group));
        foreach (var note in ScoreTable.Notes(group))
        {
            context.Print(note);
        }

        foreach (var row in group.Rows.Where(row => row.Result is not null && context.Get(Map) is not null))
        {
            context.Print(row.Map is { } map
                ? FormattableString.Invariant($"{map.Png}: {row.Metric} of {row.Pair.Image}, lightest colour {map.Largest:G4} (numbers in {map.Tiff})")
                : $"{row.Metric} is no mean over places and has no map");
        }

        if (context.Get(Attribution) && group.Rows.Any(row => row.Result?.Attribution is not null))
        {
            context.Print(ScoreTable.OfAttribution(group.Rows));
        }
    }

    private static int Finish(CommandContext context, List<ScoreGroup> groups, bool single, Action<IReadOnlyList<ScoreGroup>, bool>? write)
    {
        var (rows, attribution) = (groups.SelectMany(group => group.Rows).ToArray(), context.Get(Attribution));
        if (!single || rows.Any(row => row.Result is not null))
        {
            context.PrintJson(single ? ScoreDocument.OfPair(rows, attribution) : ScoreDocument.OfGroups(groups, attribution));
        }

        if (!single && !context.Get(Csv))
        {
            foreach (var fingerprint in rows.Select(row => row.Result?.Fingerprint).OfType<string>().Distinct())
            {
                context.Print($"Measured as: {fingerprint}");
            }
        }

        write?.Invoke(groups, attribution);
        return rows.Any(row => row.Error is not null) ? ExitCode.Failed : ExitCode.Ok;
    }

    // One reference and one image, both by their names, are a single pair; lists are lists even where they hold one.
    private static (IReadOnlyList<ImagePair> Pairs, bool Single) PairsOf(CommandContext context) =>
        (context.Get(Pairs), context.Get(Reference), context.Get(Images)) switch
        {
            ({ } file, null, []) => (PairsFile.Read(file), false),
            ({ }, _, _) => throw new UsageException("--pairs names all images; no others can be named beside it"),
            (null, { } reference, { Length: > 0 } images) => (PairList.Of(reference, images), images is [var only] && PairList.IsFile(only)),
            _ => throw new UsageException("name a reference and at least one image to compare with it"),
        };

    private static Action<IReadOnlyList<ScoreGroup>, bool>? Writer(string? file)
    {
        return Path.GetExtension(file)?.ToLowerInvariant() switch
        {
            null => null,
            ".csv" => (groups, _) => Save([ScoreDocument.CsvHeading, .. groups.SelectMany(group => group.Rows).Select(ScoreDocument.CsvLine)]),
            ".json" => (groups, attribution) => Save([JsonText.Of(ScoreDocument.OfGroups(groups, attribution))]),
            _ => throw new UsageException($"'{file}' must end with .csv or .json"),
        };

        void Save(IEnumerable<string> lines) => OutputFile.Write(file!, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            foreach (var line in lines)
            {
                writer.Write(line + "\n");
            }
        });
    }
}
