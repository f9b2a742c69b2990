using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Cli.Training;
using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Training;
using Grainy.Core.Training.Registration;
using Grainy.Core.Trust;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy train</c>: a denoiser from noisy images alone, or from pairs.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string[]> Images = new("in") { Description = "Noisy images, all grey or all RGB; TIFF stacks are read page by page", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<double?> Sigma = Checked.Sigma("--sigma", "Standard deviation of the noise in 8-bit units [default: estimated from each image]");
    private static readonly Option<string?> Preset = Choice.Of("--preset", "compact", "Size of the network; medium is for blind-spot only", [.. NetworkPresets.All]);
    private static readonly Option<string?> From = new("--from") { Description = "Adapt this model instead of starting from random weights: builtin, or a file that 'grainy train' wrote; its size is taken over", HelpName = "model" };
    private static readonly Option<string?> Run = new("--run") { Description = "Repeat the training that this file describes; every training writes one beside its model", HelpName = "file.run.json" };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on where the same command stopped, or further with more --steps or --budget" };
    private static readonly Option<int> HoldOut = Checked.Integer(
        "--hold-out", 0, 0, 64, "Keep this many images, the last ones, out of the training; the likelihood of their noisy pixels tells when to stop (blind-spot)");

    private static readonly Option<ulong> Seed = Checked.Seed();
    private static readonly Option<string> Out = new("--out", "-o") { Description = "The trained denoiser", HelpName = "file.grainy", Required = true };

    public static CliCommand Build() =>
        new CliCommand(
            "train", "Train a denoiser from noisy images alone; no clean ones are needed",
            "train night/*.tif --budget 2m --out night.grainy",
            "train burst/*.png --method noise2noise --align --out burst.grainy",
            "train cells.tif --method noise2void --mask-structure horizontal --out cells.grainy",
            "train noisy.tif --method blind-spot --sigma 25 --budget 1h --preset full --out best.grainy",
            "train --run night.run.json --out again.grainy")
            .With([Images, .. MethodOptions.All.Take(1), .. ScheduleOptions.All, Sigma, Preset, From, .. BlindSpotOptions.All, .. SceneOptions.All, .. MethodOptions.All.Skip(1), HoldOut, Seed, Resume, Run, Out]).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        if (context.Get(Run) is { } run)
        {
            using var repeated = context.Asked([.. RunFile.Read(run), "--out", context.Get(Out), .. context.Json ? ["--json"] : (string[])[]]);
            return await RunAsync(repeated, stop);
        }

        var (paths, method) = (context.Get(Images), MethodOptions.MethodOf(context));
        if (paths.Length == 0)
        {
            throw new UsageException("name the noisy images to learn from, or a --run to repeat");
        }

        SceneOptions.Require(context, method);
        var settings = Settings(context);
        var (scenes, measurements, warnings) = Inspect(context, method, paths, stop);
        var heldOut = HeldOut(context, method, ref scenes);
        var curve = new List<ValidationPoint>();
        DenoiserModel? model = null;
        IReadOnlyList<double> sigmas = [];
        TrainingUpdate? last = null;
        using (var progress = context.Progress())
        {
            // Not cancelled from outside: an interruption ends the loop, and what was learned so far is kept.
            await context.OnDeviceAsync(_ => Slices(), update => progress.Report(update.Fraction, Text(update), update.EtaSeconds), CancellationToken.None);
        }

        if (model is null || last is null)
        {
            throw context.Get(Resume) && !stop.IsCancellationRequested
                ? new CommandFailedException($"the training of '{context.Get(Out)}' is complete; give more --steps or a larger --budget to go on")
                : new OperationCanceledException(stop);
        }

        var (file, stopped) = (context.Get(Out), stop.IsCancellationRequested);
        OutputFile.Write(file, model.Save);
        RunFile.Write(RunFile.Beside(file), context.Words, [.. paths, .. SceneOptions.References(context)], settings, last);
        var advice = heldOut.Count == 0 ? null : StopAdviser.Advise(curve, higherIsBetter: false);
        context.PrintJson(new
        {
            file,
            method,
            settings.Preset,
            sigmas,
            settings.Seed,
            images = paths,
            scenes = scenes.Count,
            registration = measurements.Select(measured => new { scene = measured.Scene + 1, frame = measured.Frame + 1, measured.Alignment }),
            warnings,
            heldOut = curve,
            advice = advice is null ? null : new { verdict = advice.Verdict.ToString().ToLowerInvariant(), advice.BestStep, advice.Reason },
            steps = last.Step,
            last.Loss,
            seconds = last.ElapsedSeconds,
            stopped,
        });
        context.Print(string.Create(CultureInfo.InvariantCulture, $"{file}: {last.Step} steps in {Durations.Show(last.ElapsedSeconds)}, loss {last.Loss:F4}"));
        if (advice is not null)
        {
            context.Print(advice.Reason);
        }

        if (stopped)
        {
            CommandContext.Complain($"interrupted; {file} holds what was learned until then");
            return ExitCode.Interrupted;
        }

        context.Suggest($"denoise {string.Join(' ', paths.Take(1).Select(ShellWord.Of))} --model {ShellWord.Of(file)} --out denoised");
        return ExitCode.Ok;

        IEnumerable<TrainingUpdate> Slices()
        {
            var checkpoint = new CheckpointFile(context.Get(Out), context.Clock);
            using var training = new TrainingRun(settings, scenes, context.Get(Resume) ? checkpoint.Read() : null, heldOut: heldOut);
            sigmas = training.Sigmas;
            foreach (var update in training.Run(CancellationToken.None))
            {
                last = update;
                curve.AddRange(update.Validation is { } point ? [point] : []);
                yield return update;
                if (stop.IsCancellationRequested)
                {
                    break;
                }

                checkpoint.SaveNowAndThen(training);
            }

            checkpoint.Save(training);

            model = last is null ? null : training.Export();
        }
    }

    // Scenes are looked at before the first step, so that frames that do not belong together are not found out by a bad result.
    private static (IReadOnlyList<TrainingScene> Scenes, IReadOnlyList<FrameMeasurement> Measurements, IReadOnlyList<string> Warnings) Inspect(
        CommandContext context, string method, string[] paths, CancellationToken stop)
    {
        TrainingInputs inputs;
        using (var progress = paths.Length > 20 ? context.Progress() : null)
        {
            inputs = TrainingInputs.Read(context, method, paths, (fraction, path) => progress?.Report(fraction, $"reading {path}"));
        }

        var pairs = method is TrainingMethods.Noise2Noise or TrainingMethods.Noise2Clean;
        var report = pairs
            ? SceneRegistration.Inspect(inputs.Scenes, method == TrainingMethods.Noise2Clean, SceneOptions.IsAligned(context), stop)
            : new SceneReport(inputs.Scenes, [], []);
        IReadOnlyList<string> warnings = inputs.Note is null ? report.Warnings : [inputs.Note, .. report.Warnings];
        foreach (var warning in warnings)
        {
            context.Say($"warning: {warning}");
        }

        return (report.Scenes, report.Measurements, warnings);
    }

    private static IReadOnlyList<ImageBuffer> HeldOut(CommandContext context, string method, ref IReadOnlyList<TrainingScene> scenes)
    {
        var count = context.Get(HoldOut);
        if (count > 0 && method != TrainingMethods.BlindSpot)
        {
            throw new UsageException($"--hold-out judges by the likelihood, which the method {method} does not have; it belongs to blind-spot");
        }

        if (count >= scenes.Count && count > 0)
        {
            throw new UsageException($"--hold-out {count} leaves nothing to train on: there are {scenes.Count} images or scenes");
        }

        IReadOnlyList<ImageBuffer> kept = [.. scenes.Skip(scenes.Count - count).Select(scene => scene.Frames[0])];
        scenes = [.. scenes.Take(scenes.Count - count)];
        return kept;
    }

    private static TrainingSettings Settings(CommandContext context)
    {
        var start = context.Get(From) is { } from ? ModelFile.Read(from) : null;
        var settings = new TrainingSettings
        {
            Preset = start?.Settings.Preset ?? context.Get(Preset)!,
            NoiseSigma = context.Get(Sigma) / 255,
            Seed = context.Get(Seed),
            StartFrom = start,
        };
        return BlindSpotOptions.Apply(context, ScheduleOptions.Apply(context, MethodOptions.Apply(context, settings))).Validated();
    }

    private static string Text(TrainingUpdate update) => string.Create(CultureInfo.InvariantCulture, $"step {update.Step}, loss {update.Loss:F4}");
}
