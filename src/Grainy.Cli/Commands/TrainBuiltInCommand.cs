using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Images;
using Grainy.Core.Metrics.Distillation;
using Grainy.Core.Training;
using Grainy.Core.Weights;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy weights train-builtin</c>: makes anew the weights that come with the program.</summary>
internal static class TrainBuiltInCommand
{
    private static readonly Argument<string> Kind = new("kind") { Description = "perceptual (learns from lpips-squeeze, whose weights must be installed) or denoiser" };
    private static readonly Argument<string[]> Images = new("images") { Description = "Clean images to learn from", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string[]> HeldOut = new("--held-out") { Description = "Images that measure the result on the way and are never learned from", HelpName = "files", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<TimeSpan> Budget = Checked.Duration("--budget", TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(5), TimeSpan.FromDays(1), "Time for computing, over all pieces");
    private static readonly Option<string> StartFrom = new("--start-from") { Description = "A network of an earlier training to go on from; a denoiser may be of a smaller --preset and grows", HelpName = "file" };
    private static readonly Option<ulong> Seed = Checked.Seed();
    private static readonly Option<string> Out = new("--out", "-o") { Description = "builtin_perceptual.safetensors or general-rgb.grainy", HelpName = "file", Required = true };

    public static CliCommand Build() =>
        new CliCommand("train-builtin", "Train the weights that come with the program", "weights train-builtin perceptual photos/*.png --budget 15m --out builtin_perceptual.safetensors", "weights train-builtin denoiser photos/*.png --budget 1h --out general-rgb.grainy")
            .With(Kind, Images, HeldOut, Budget, StartFrom, Seed, Out)
            .With(BuiltInDenoiserRun.Preset, BuiltInDenoiserRun.Crop, BuiltInDenoiserRun.Batch, BuiltInDenoiserRun.Rate, BuiltInDenoiserRun.Generated, BuiltInDenoiserRun.StopAfter)
            .Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken stop) => context.Get(Kind) switch
    {
        "perceptual" => PerceptualAsync(context, stop),
        "denoiser" => DenoiserAsync(context, stop),
        var other => throw new UsageException($"'{other}' is not built in: it must be perceptual or denoiser"),
    };

    private static async Task<int> PerceptualAsync(CommandContext context, CancellationToken stop)
    {
        var settings = new DistillationSettings
        {
            BudgetSeconds = context.Get(Budget).TotalSeconds,
            Seed = context.Get(Seed),
            StartFrom = context.Get(StartFrom) is { } earlier ? ReadNetwork(earlier) : null,
        };
        var (images, heldOut) = (Read(context.Get(Images)), Read(context.Get(HeldOut) ?? []));
        var file = context.Get(Out);
        DistillationUpdate last;
        using (var progress = context.Progress())
        {
            last = await context.OnDeviceAsync(Slices, update => progress.Report(update.Fraction, Text(update.Step, update.Loss)), stop);
        }

        context.PrintJson(new { file, kind = "perceptual", steps = last.Step, last.Loss, seconds = last.ElapsedSeconds, last.Result!.Agreement });
        context.Print($"{file}: {Text(last.Step, last.Loss)}");
        if (last.Result!.Agreement is { } agreement)
        {
            context.Print(string.Create(CultureInfo.InvariantCulture, $"agreement with the teacher over {agreement.Pairs} pairs: rank correlation {agreement.Spearman:F3}, mean log error {agreement.MeanLogError:F3}"));
        }

        return ExitCode.Ok;

        // What is learned so far is written ten times, so that an interruption does not cost all of it.
        IEnumerable<DistillationUpdate> Slices(CancellationToken token)
        {
            foreach (var update in PerceptualDistillation.Run(settings, images, heldOut, context.Weights, token))
            {
                if (update.Result is { } result)
                {
                    OutputFile.Write(file, stream => Safetensors.Write(result.Weights, stream, half: true));
                    context.Say(Curve(update));
                }

                yield return update;
            }
        }
    }

    private static string Curve(DistillationUpdate update) => string.Create(CultureInfo.InvariantCulture,
        $"{update.ElapsedSeconds,8:F0} s  {Text(update.Step, update.Loss)}  rank correlation {update.Result!.Agreement?.Spearman:F4}  mean log error {update.Result.Agreement?.MeanLogError:F4}  ") + string.Join(' ',
        update.Result.Agreement?.ByKind.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Value:F3}")) ?? []);

    private static Task<int> DenoiserAsync(CommandContext context, CancellationToken stop)
    {
        var settings = new TrainingSettings
        {
            BudgetSeconds = context.Get(Budget).TotalSeconds,
            Seed = context.Get(Seed),
            Preset = context.Get(BuiltInDenoiserRun.Preset)!,
            CropSize = context.Get(BuiltInDenoiserRun.Crop),
            BatchSize = context.Get(BuiltInDenoiserRun.Batch),
            LearningRate = context.Get(BuiltInDenoiserRun.Rate),
            StartFrom = context.Get(StartFrom) is { } earlier ? ModelFile.Read(earlier) : null,
            AverageDecay = 0.999,
        };
        return new BuiltInDenoiserRun(context, context.Get(Out), Read(context.Get(Images)), Read(context.Get(HeldOut) ?? [])).RunAsync(settings, stop);
    }

    private static IReadOnlyDictionary<string, WeightTensor> ReadNetwork(string path) =>
        File.Exists(path) ? Safetensors.Read(path) : throw new CommandFailedException($"there is no file '{path}' to start from");

    private static ImageBuffer[] Read(string[] paths) => [.. paths.Select(path => Inputs.Read(path).Image)];

    private static string Text(long step, double loss) => string.Create(CultureInfo.InvariantCulture, $"step {step}, loss {loss:F4}");
}
