using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Experiments;
using Grainy.Cli.Options;
using Grainy.Core.Corruption;
using Grainy.Core.Experiments;
using Grainy.Core.Images;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy experiment</c>: answers questions about denoising without clean data by training and measuring.</summary>
internal static class ExperimentCommand
{
    private static readonly Argument<string[]> Images = new("in") { Description = "Clean images, which get frozen noise; or folders with the frames of one scene each", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<ParameterRange?> Gaussian = Ranges.Option("--gaussian", "sigma", 1e-3, 1000, "Standard deviation of the noise on clean images in 8-bit units [default: 25]");
    private static readonly Option<ParameterRange?> Poisson = Ranges.Option("--poisson", "lambda", 1e-3, 1e9, "Counts of photons at white instead");
    private static readonly Option<string?> Preset = Choice.Of("--preset", "toy", "Minutes, a night, or days on a graphics card", [.. ExperimentPreset.Names]);
    private static readonly Option<ulong> Seed = Checked.Seed();
    private static readonly Option<string> Out = new("--out", "-o") { Description = "Folder for experiment.csv and report.html; an interrupted experiment goes on there", HelpName = "folder", Required = true };

    public static CliCommand Build() =>
        new CliCommand("experiment", "Measure what noisy data are worth: how to spend exposures, what a second frame brings, masking against blind spots", "experiment budget photos/*.png --preset toy --out budget")
            .With(
                Sub(ExperimentKind.Budget, "A fixed number of exposures: how many frames of how many scenes, as pairs or as clean targets?"),
                Sub(ExperimentKind.Pairs, "One noisy image, two, or clean ones, by the number of scenes; and what a shifted or brighter second frame costs"),
                Sub(ExperimentKind.Supervision, "Masking against a blind spot by time and steps, reliability of predicted errors, what is left in the difference"));

    private static CliCommand Sub(ExperimentKind kind, string description)
    {
        var name = kind.ToString().ToLowerInvariant();
        return new CliCommand(name, description, $"experiment {name} photos/*.png --gaussian 25 --preset toy --out {name}", $"experiment {name} bursts/* --preset small --out {name}")
            .With(Images, Gaussian, Poisson, Preset, Seed, Out).Runs((context, stop) => RunAsync(kind, context, stop));
    }

    private static async Task<int> RunAsync(ExperimentKind kind, CommandContext context, CancellationToken stop)
    {
        if (context.Get(Gaussian) is not null && context.Get(Poisson) is not null)
        {
            throw new UsageException("give one kind of noise: --gaussian or --poisson");
        }

        var (preset, seed, paths) = (ExperimentPreset.Of(context.Get(Preset)!), context.Get(Seed), context.Get(Images));
        var noise = context.Get(Poisson) is { } counts
            ? new CorruptionSettings(CorruptionKind.Poisson, counts)
            : new CorruptionSettings(CorruptionKind.Gaussian, context.Get(Gaussian) is { } sigma ? new ParameterRange(sigma.Low / 255, sigma.High / 255) : 25 / 255.0);
        var scenes = Scenes(context, paths, noise, preset, seed, out var bursts);
        var cases = ExperimentPlan.Of(kind, scenes, preset, seed);
        var files = new ExperimentFiles(context.Get(Out), new ExperimentFacts(kind.ToString().ToLowerInvariant(), preset.Name, bursts ? "as recorded" : Words(noise), seed, preset.Steps, ExperimentFacts.HashOf(scenes, preset)));
        var done = files.Done;
        using (var progress = context.Progress())
        {
            for (var i = 0; i < cases.Count; i++)
            {
                if (done.Contains(cases[i].Key))
                {
                    continue;
                }

                var last = await context.OnDeviceAsync(token => ExperimentRun.Run(cases[i], scenes, preset, token), update => progress.Report((i + update.Fraction) / cases.Count, cases[i].Key), stop);
                files.Add(cases[i].Key, last.Rows!);
            }
        }

        var rows = files.Rows;
        var report = files.WriteReport(ExperimentReport.Html(files.Facts, rows));
        context.PrintJson(new { files.Facts, csv = files.Csv, report, cases = cases.Count, resumed = done.Count, rows });
        context.Print([["plot", "series", "x", "PSNR or value", "95 %", "against the truth"], .. rows.Where(row => row.Plot is not ("H" or "F" or "G" or "I")).Select(Row)]);
        context.Print($"{report}: {cases.Count} trainings, {done.Count} of them from before");
        return ExitCode.Ok;
    }

    private static string[] Row(ExperimentRow row) =>
    [
        row.Plot, row.Series, row.X.ToString("G5", CultureInfo.InvariantCulture), row.Value.ToString("F2", CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{row.Low:F2} to {row.High:F2}"), row.Truth?.ToString("F2", CultureInfo.InvariantCulture) ?? "-",
    ];

    private static ExperimentScenes Scenes(CommandContext context, string[] paths, CorruptionSettings noise, ExperimentPreset preset, ulong seed, out bool bursts)
    {
        bursts = paths.Any(Directory.Exists);
        if (!bursts)
        {
            return ExperimentScenes.OfClean([.. paths.Select(path => Inputs.Read(path).Image)], noise, preset.SceneSide, seed);
        }

        if (!paths.All(Directory.Exists) || context.Get(Gaussian) is not null || context.Get(Poisson) is not null)
        {
            throw new UsageException("folders hold real noisy frames: give folders only, and no noise");
        }

        return ExperimentScenes.OfBursts(
            [.. paths.Select(folder => (IReadOnlyList<ImageBuffer>)[.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => Inputs.Read(file).Image)])], preset.SceneSide, seed);
    }

    private static string Words(CorruptionSettings noise)
    {
        var unit = noise.Kind == CorruptionKind.Gaussian ? 255 : 1;
        var (low, high) = (noise.Strength.Low * unit, noise.Strength.High * unit);
        return string.Create(CultureInfo.InvariantCulture, $"{noise.Kind.ToString().ToLowerInvariant()} {low:G6}{(low == high ? "" : $"..{high:G6}")}");
    }
}
