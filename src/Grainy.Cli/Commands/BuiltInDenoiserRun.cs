using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Training;

namespace Grainy.Cli.Commands;

/// <summary>
/// Training of the general denoiser in as many pieces as it takes: the state is kept beside the result once a minute and at every stop, and the same command goes on.
/// </summary>
internal sealed class BuiltInDenoiserRun(CommandContext context, string file, ImageBuffer[] images, ImageBuffer[] heldOut)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public static readonly Option<string?> Preset = Choice.Of("--preset", "compact", "Size of the denoiser's network", [.. NetworkPresets.All]);
    public static readonly Option<int> Crop = Checked.Integer("--crop", 96, 32, 512, "Side of the denoiser's training crops, a multiple of 32");
    public static readonly Option<int> Batch = Checked.Integer("--batch", 4, 1, 64, "The denoiser's crops per step");
    public static readonly Option<double?> Rate = Checked.OptionalNumber("--rate", 1e-6, 0.1, "The denoiser's largest learning rate [default: 0.003, full 0.0003; half of it with --start-from]");
    public static readonly Option<int> Generated = Checked.Integer("--generated", 64, 0, 10_000, "Pictures made by code that the denoiser learns from beside the photos");
    public static readonly Option<TimeSpan> StopAfter = Checked.Duration(
        "--stop-after", TimeSpan.FromDays(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), "End this piece of the denoiser's training after this time; the same command goes on");

    private readonly string _checkpoint = file + ".checkpoint";

    public async Task<int> RunAsync(TrainingSettings settings, CancellationToken stop)
    {
        var resumeFrom = Resume();
        TrainingUpdate? last = null;
        ValidationPoint? best = null;
        using (var progress = context.Progress())
        {
            await context.OnDeviceAsync(_ => Slices(), Report, CancellationToken.None);

            void Report(TrainingUpdate update)
            {
                progress.Report(update.Fraction, Text(update), update.EtaSeconds);
                if (update.Validation is { } point)
                {
                    progress.Wipe();
                    context.Say(string.Create(CultureInfo.InvariantCulture, $"step {point.Step}, {Durations.Show(point.Seconds)}: {point.Value:F2} dB on held-out images"));
                    best = point;
                }
            }
        }

        var finished = last is null || last.Fraction >= 1;
        context.PrintJson(new { file, kind = "denoiser", steps = last?.Step ?? resumeFrom!.Step, last?.Loss, seconds = last?.ElapsedSeconds ?? resumeFrom!.ElapsedSeconds, psnr = best?.Value, finished });
        context.Print(last is null ? $"{file}: nothing left to do; give a larger --budget to go on" : $"{file}: {Text(last)}");
        if (!finished)
        {
            context.Say($"stopped; {_checkpoint} keeps the state, and the same command goes on");
        }

        return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;

        IEnumerable<TrainingUpdate> Slices()
        {
            using var training = BuiltInDenoiserTraining.Create(settings, images, heldOut, context.Get(Generated), resumeFrom, $"{images.Length} images");
            var (begun, saved) = (context.Clock.GetTimestamp(), context.Clock.GetTimestamp());
            foreach (var update in training.Run(CancellationToken.None))
            {
                last = update;
                yield return update;
                if (stop.IsCancellationRequested || context.Clock.GetElapsedTime(begun) >= context.Get(StopAfter))
                {
                    break;
                }

                if (context.Clock.GetElapsedTime(saved) >= Interval)
                {
                    saved = context.Clock.GetTimestamp();
                    Save(training);
                }
            }

            Save(training);
        }
    }

    private void Save(TrainingRun training)
    {
        var bytes = training.Checkpoint();
        OutputFile.Write(_checkpoint, stream => stream.Write(bytes));
        OutputFile.Write(file, training.Export().Save);
    }

    private TrainingCheckpoint? Resume()
    {
        if (!File.Exists(_checkpoint))
        {
            return null;
        }

        var checkpoint = TrainingCheckpoint.Read(File.ReadAllBytes(_checkpoint));
        context.Say(string.Create(
            CultureInfo.InvariantCulture, $"{_checkpoint}: going on from step {checkpoint.Step} after {Durations.Show(checkpoint.ElapsedSeconds)}; delete it to start again"));
        return checkpoint;
    }

    private static string Text(TrainingUpdate update) => string.Create(CultureInfo.InvariantCulture, $"step {update.Step}, loss {update.Loss:F4}");
}
