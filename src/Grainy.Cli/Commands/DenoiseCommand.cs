using System.CommandLine;
using System.Globalization;
using System.Text;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Cli.Trust;
using Grainy.Core.Denoising;
using Grainy.Core.Noise;
using Grainy.Core.Training;
using Grainy.Core.Training.ZeroShot;
using Grainy.Core.Trust;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy denoise</c>: clean images with a trained denoiser.</summary>
internal static class DenoiseCommand
{
    private const string BuiltIn = "builtin";
    private static readonly TimeSpan LongestLearning = TimeSpan.FromMinutes(1);

    private static readonly Argument<string[]> Images = new("in") { Description = "Noisy images", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Model = new("--model", "-m") { Description = "A file that 'grainy train' wrote, or builtin [default: builtin]", HelpName = "file", };
    private static readonly Option<string?> Method = Choice.Of("--method", null, "Learn from each image by itself, in seconds, instead of using a model", TrainingMethods.ZeroShot);
    private static readonly Option<TimeSpan> Budget = Checked.Duration(
        "--budget", LongestLearning, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "Most time for learning from an image with --method zero-shot, which stops by itself");

    private static readonly Option<double?> Sigma = Checked.Sigma("--sigma", "Standard deviation of the noise in 8-bit units [default: as the model was trained, or estimated from each image]");
    private static readonly Option<string> Out = new("--out", "-o") { Description = "Folder for the results; each is named NAME-denoised", HelpName = "folder", Required = true };
    private static readonly Option<NoiseModel?> Noise = NoiseOption.Of("Other noise than Gaussian, for blind-spot models", null);
    private static readonly Option<string?> Report = new("--report") { Description = "Also write what can be said of the results without clean images", HelpName = "file.json" };
    private static readonly Option<string?> Uncertainty = new("--uncertainty") { Description = "Also write how far each sample may be off (one standard deviation), as a 32-bit float TIFF; for one image", HelpName = "file" };
    private static readonly Option<string?> Orientations = Choice.Of("--orientations", null, "Denoise as many mirrored and turned copies and take the mean: errs less, takes as many times as long [default: 2]", "1", "2", "4", "8");
    private static readonly Option<string?> Format = ImageFormats.Option("kind of file and depth of the input; PNG for JPEG, WebP and GIF");

    public static CliCommand Build() =>
        new CliCommand("denoise", "Denoise images with a trained model", "denoise night/*.tif --model night.grainy --out clean", "denoise noisy.png --model builtin --sigma 25 --out clean --format png8", "denoise noisy.png --method zero-shot --out clean")
            .With(Images, Model, Method, Budget, Sigma, Noise, Out, Format, Report, Uncertainty, Orientations).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var paths = context.Get(Images);
        if (paths.GroupBy(Stem).FirstOrDefault(group => group.Count() > 1) is { } clash)
        {
            throw new UsageException($"'{clash.First()}' and '{clash.Last()}' would be written to the same file; denoise them into different folders");
        }

        var zeroShot = context.Get(Method) is not null;
        if (zeroShot && (context.Get(Model) is not null || context.Get(Sigma) is not null || context.Get(Noise) is not null || context.Get(Uncertainty) is not null
            || context.Get(Orientations) is not null))
        {
            throw new UsageException("--method zero-shot learns from each image by itself and takes none of --model, --sigma, --noise, --uncertainty and --orientations");
        }

        if (!zeroShot && context.Get(Budget) != LongestLearning)
        {
            throw new UsageException("--budget is the time for learning with --method zero-shot; a model has learned already, so leave it out");
        }

        if (context.Get(Sigma) is not null && context.Get(Noise) is not null)
        {
            throw new UsageException("give either --sigma or --noise, not both");
        }

        if (context.Get(Uncertainty) is not null && paths.Length > 1)
        {
            throw new UsageException("--uncertainty takes one image at a time; denoise the others without it");
        }

        var options = new DenoiseOptions
        {
            Noise = context.Get(Noise) ?? (context.Get(Sigma) is { } sigma ? new NoiseModel.Gaussian(sigma / 255) : null),
            Orientations = context.Get(Orientations) is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : DenoiseOptions.UsualOrientations,
        };

        var name = zeroShot ? null : context.Get(Model) ?? BuiltIn;
        var model = zeroShot ? null : ModelFile.Read(name!);
        var results = new List<object>();
        var targets = new List<string>();
        var reports = new List<object>();
        bool fine;
        using (var progress = context.Progress())
        {
            var done = 0;
            fine = await Inputs.ForEachAsync(paths, path => DenoiseAsync(path, done++, progress), (path, error) => results.Add(new { file = path, error }));

            async Task DenoiseAsync(string path, int index, ProgressLine line)
            {
                var job = new DenoiseJob(context, model, options, path) { Format = context.Get(Format), Uncertainty = context.Get(Uncertainty), LearnSeconds = context.Get(Budget).TotalSeconds };
                var (target, last, learned) = await job.RunAsync(context.Get(Out), Stem(path), fraction => line.Report((index + fraction) / paths.Length, path), stop);
                targets.Add(target);
                if (context.Get(Report) is not null)
                {
                    reports.Add(await context.OnDeviceAsync(_ => Trusted(target, path, last?.Noise, model), stop));
                }

                var format = job.Format ?? "as the input";
                results.Add(learned is { } run
                    ? new { file = target, from = path, method = TrainingMethods.ZeroShot, format, steps = run.Step, seconds = run.ElapsedSeconds, heldOut = run.HeldOut, end = $"{run.End}".ToLowerInvariant() }
                    : new { file = target, from = path, model = name, format, last!.Sigma, sigma8 = last.Sigma * 255, noise = last.Noise, uncertainty = job.Uncertainty });
                context.Print(learned is not null
                    ? string.Create(CultureInfo.InvariantCulture, $"{target}: learned in {learned.Step} steps, {Durations.Show(learned.ElapsedSeconds)}, {Why(learned.End)}")
                    : last!.FoundNoNoise ? $"{target}: no noise was found in it, so it stays as it is; --sigma says how strong the noise is if you know better"
                    : string.Create(CultureInfo.InvariantCulture, $"{target}: noise of sigma {last.Sigma * 255:F2} (0..255) removed"));
            }
        }

        if (context.Get(Report) is { } report)
        {
            OutputFile.Write(report, stream => stream.Write(Encoding.UTF8.GetBytes(JsonText.Of(reports))));
        }

        context.PrintJson(results);
        if (fine)
        {
            context.Suggest($"score CLEAN.png {ShellWord.Of(targets[0])} --metric psnr,ssim");
        }

        return fine ? ExitCode.Ok : ExitCode.Failed;
    }

    private static object Trusted(string target, string path, NoiseModel? assumed, DenoiserModel? model)
    {
        var (image, facts) = Inputs.Read(path);
        var noise = NoiseAnalysis.OfImage(image, facts.Format == "JPEG");
        var residual = ResidualAnalysis.Of(image, Inputs.Read(target).Image, assumed);
        return TrustDocument.OfResult(target, path, residual, model is null ? [] : DomainCheck.Of(model.Settings, noise));
    }

    private static string Why(ZeroShotEnd? end) => end switch
    {
        ZeroShotEnd.Settled => "until held-out pixels were told no better",
        ZeroShotEnd.Steps => "the most steps that are taken",
        _ => "all of its time; more would still have helped (--budget)",
    };

    private static string Stem(string path) => Path.GetFileNameWithoutExtension(path);
}
