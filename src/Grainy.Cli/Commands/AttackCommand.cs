using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Attacks;
using Grainy.Cli.Options;
using Grainy.Core.Attacks;
using Grainy.Core.Images;
using Grainy.Core.Metrics;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy attack</c>: a picture that fools metrics, and what all the other metrics say of it.</summary>
internal static class AttackCommand
{
    private static readonly Argument<string> Reference = new("reference") { Description = "The image that distances are measured to" };
    private static readonly Argument<string?> Target = new("target")
    {
        Description = "What the picture should look like, of the same size; none with --push-apart",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Metric = new("--metric", "-m")
    {
        Description = "What to attack; several with commas, all at once [default: lpips-squeeze, or builtin without its weights]",
        HelpName = "names",
    };

    private static readonly Option<double?> Noise = Checked.Share("--noise", 0.5, "Standard deviation of the noise that makes the anchor, as a share of the range [default: 0.05]");
    private static readonly Option<string?> Anchor = new("--anchor") { Description = "The image that says how far is near, in place of the reference with noise", HelpName = "file" };
    private static readonly Option<bool> PushApart = new("--push-apart") { Description = "The reverse: change the reference so little that nobody sees it, and push the metrics far up" };
    private static readonly Option<double?> LeastPsnr = Checked.OptionalNumber("--psnr", 20, 50, "With --push-apart: the least PSNR to the reference in decibels [default: 40]");
    private static readonly Option<double?> Change = Checked.OptionalNumber("--change", 1, 127, "With --push-apart: the largest change of a sample in 8-bit units [default: 8]");
    private static readonly Option<string?> Held = new("--hold") { Description = "With --push-apart: metrics that must call the picture no further than the anchor", HelpName = "names" };
    private static readonly Option<int> Steps = Checked.Integer("--steps", 600, 10, 100_000, "Steps of the search");
    private static readonly Option<int> Size = Checked.Integer("--size", 256, 32, AttackSettings.LargestSide, "Longer side in pixels; larger images are shrunk to it");
    private static readonly Option<int?> FixedTransforms = Checked.OptionalInteger("--fixed-transforms", 1, 100_000, "Attack E-LPIPS through so many fixed transforms, in place of a fresh one in each step");
    private static readonly Option<string?> Start = new("--start") { Description = "Where to start, for example result.tif of an earlier attack to go on with [default: the target]", HelpName = "file" };
    private static readonly Option<string?> Witnesses = new("--witness") { Description = "Metrics to ask at the end besides the attacked ones; none: no other [default: all that can be used]", HelpName = "names" };
    private static readonly Option<int> Samples = Checked.Integer("--samples", 200, 10, 100_000, "Random transforms behind each E-LPIPS value of the verdict");
    private static readonly Option<int> Snapshots = Checked.Integer("--snapshots", 6, 0, 100, "Pictures on the way to keep");
    private static readonly Option<ulong> Seed = Checked.Seed();
    private static readonly Option<string> Out = new("--out", "-o") { Description = "Folder for pictures and report", HelpName = "folder", Required = true };

    public static CliCommand Build() =>
        new CliCommand("attack", "Find a picture that fools a metric, and ask the others about it", "attack house.png bear.png --metric lpips-squeeze,lpips-alex --out attack", "attack house.png bear.png --metric elpips-squeeze --steps 2000 --size 128 --out attack", "attack house.png --push-apart --metric lpips-alex --psnr 42 --out attack")
            .With(Reference, Target, Metric, Noise, Anchor, PushApart, LeastPsnr, Change, Held, Steps, Size, Start, FixedTransforms, Witnesses, Samples, Snapshots, Seed, Out).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var catalog = new MetricCatalog(context.Weights);
        var settings = Settings(context, catalog);
        var names = new AttackFiles.Names(context.Get(Reference), context.Get(Target), context.Get(Anchor));
        var (reference, target, anchor) = (Inputs.ReadSingle(names.Reference).Image, Read(names.Target), Read(names.Anchor));
        var files = new AttackFiles(context.Get(Out), names);
        AttackUpdate? last = null;
        using (var progress = context.Progress())
        {
            // Not cancelled from outside: an interruption ends the loop, and the best picture so far is kept.
            await context.OnDeviceAsync(_ => Slices(), update => progress.Report(update.Fraction, Text(update)), CancellationToken.None);
        }

        if (last?.Report is { } report)
        {
            context.PrintJson(files.Write(report));
            foreach (var line in report.Sentences.Concat(report.NotAsked.Select(metric => $"{metric.Key} was not asked: {metric.Value}")))
            {
                context.Print(line);
            }

            context.Print($"{files.Folder}: result.png is what was judged, result.tif the picture before its rounding to 8 bits, sheet.png all pictures side by side");
            return ExitCode.Ok;
        }

        if (last is not { Picture: not null })
        {
            throw new OperationCanceledException(stop);
        }

        context.PrintJson(files.WriteInterrupted(settings, last));
        CommandContext.Complain($"interrupted; {files.Folder} holds the best picture of {last.StepsDone} steps, without a verdict");
        return ExitCode.Interrupted;

        IEnumerable<AttackUpdate> Slices()
        {
            foreach (var update in MetricAttack.Run(reference, target, anchor, settings, catalog, CancellationToken.None))
            {
                if (update is { IsSnapshot: true, Picture: { } picture })
                {
                    files.WriteSnapshot(update.StepsDone, picture);
                }

                last = update;
                yield return update;
                if (stop.IsCancellationRequested)
                {
                    yield break;
                }
            }
        }
    }

    private static AttackSettings Settings(CommandContext context, MetricCatalog catalog)
    {
        var apart = context.Get(PushApart);
        if (apart == context.Get(Target) is not null)
        {
            throw new UsageException(apart ? "with --push-apart there is no target" : "the target is missing; without one there is --push-apart");
        }

        Forbid(apart, context.Get(Noise) is not null, "--noise has no meaning with --push-apart: the anchor's noise is as strong as --psnr allows");
        Forbid(context.Get(Anchor) is not null, context.Get(Noise) is not null, "--anchor names an image, so there is no --noise to make one");
        Forbid(!apart, context.Get(LeastPsnr) is not null || context.Get(Change) is not null || context.Get(Held) is not null, "--psnr, --change and --hold belong to --push-apart");
        var standard = new AttackSettings { Metrics = [] };
        return standard with
        {
            Metrics = MetricNames.Of(context.Get(Metric) ?? (catalog.IsAvailable("lpips-squeeze", out _) ? "lpips-squeeze" : "builtin"), catalog),
            Goal = apart ? AttackGoal.PushApart : AttackGoal.Approach,
            Steps = context.Get(Steps),
            NoiseSigma = context.Get(Noise) ?? standard.NoiseSigma,
            Size = context.Get(Size),
            Seed = context.Get(Seed),
            Start = Read(context.Get(Start)),
            FixedTransforms = context.Get(FixedTransforms),
            Snapshots = context.Get(Snapshots),
            VerdictSamples = context.Get(Samples),
            Witnesses = context.Get(Witnesses) switch { null => null, "none" => [], var names => MetricNames.Of(names, catalog) },
            Held = context.Get(Held) is { } held ? MetricNames.Of(held, catalog) : [],
            LeastPsnr = context.Get(LeastPsnr) ?? standard.LeastPsnr,
            LargestChange = context.Get(Change) / 255 ?? standard.LargestChange,
        };
    }

    private static void Forbid(bool condition, bool given, string sentence)
    {
        if (condition && given)
        {
            throw new UsageException(sentence);
        }
    }

    private static ImageBuffer? Read(string? path) => path is null ? null : Inputs.ReadSingle(path).Image;

    private static string Text(AttackUpdate update) => update.Phase switch
    {
        AttackPhase.Preparing => "measuring the anchor",
        AttackPhase.Judging => "judging",
        _ => string.Create(CultureInfo.InvariantCulture, $"step {update.StepsDone}, {update.Psnr:F1} dB, {string.Join(", ", update.Ratios.Select(ratio => $"{ratio.Key} {ratio.Value:F2}×"))}"),
    };
}
