using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Denoising;
using Grainy.Core.Images;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy denoise</c>: clean images with a trained denoiser.</summary>
internal static class DenoiseCommand
{
    private static readonly Argument<string[]> Images = new("in") { Description = "Noisy images", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Model = new("--model", "-m") { Description = "A file that 'grainy train' wrote, or builtin", HelpName = "file", DefaultValueFactory = _ => "builtin" };
    private static readonly Option<double?> Sigma = Checked.Sigma("--sigma", "Standard deviation of the noise in 8-bit units [default: as the model was trained, or estimated from each image]");
    private static readonly Option<string> Out = new("--out", "-o") { Description = "Folder for the results; each is named NAME-denoised", HelpName = "folder", Required = true };
    private static readonly Option<string?> Format = ImageFormats.Option("png16, tiff16 or tiff32f, as the input needs");

    public static CliCommand Build() =>
        new CliCommand("denoise", "Denoise images with a trained model", "denoise night/*.tif --model night.grainy --out clean", "denoise noisy.png --model builtin --sigma 25 --out clean --format png8")
            .With(Images, Model, Sigma, Out, Format).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var paths = context.Get(Images);
        if (paths.GroupBy(Stem).FirstOrDefault(group => group.Count() > 1) is { } clash)
        {
            throw new UsageException($"'{clash.First()}' and '{clash.Last()}' would be written to the same file; denoise them into different folders");
        }

        var model = await LoadAsync(context, context.Get(Model)!, stop);
        var results = new List<object>();
        var targets = new List<string>();
        bool fine;
        using (var progress = context.Progress())
        {
            var done = 0;
            fine = await Inputs.ForEachAsync(paths, path => DenoiseAsync(path, done++, progress), (path, error) => results.Add(new { file = path, error }));

            async Task DenoiseAsync(string path, int index, ProgressLine line)
            {
                var (image, facts) = Inputs.Read(path);
                var last = await CleanAsync(path, image, update => line.Report((index + ((double)update.TilesDone / update.Tiles)) / paths.Length, path));
                var format = context.Get(Format) ?? ImageFormats.Fitting(facts);
                var target = Path.Combine(context.Get(Out), $"{Stem(path)}-denoised{ImageFormats.Ending(format)}");
                OutputFile.Write(target, stream => ImageFormats.Write(format, last.Result!, stream));
                targets.Add(target);
                results.Add(new { file = target, from = path, model = context.Get(Model), format, last.Sigma, sigma8 = last.Sigma * 255 });
                context.Print(string.Create(CultureInfo.InvariantCulture, $"{target}: noise of sigma {last.Sigma * 255:F2} (0..255) removed"));
            }

            async Task<DenoiseUpdate> CleanAsync(string path, ImageBuffer image, Action<DenoiseUpdate> report)
            {
                try
                {
                    return await context.OnDeviceAsync(token => Denoiser.Run(model, image, context.Get(Sigma) / 255, token), report, stop);
                }
                catch (ArgumentException error) // this image does not suit; the next one may
                {
                    throw new CommandFailedException($"{path}: {ErrorText.For(error)}", error);
                }
            }
        }

        context.PrintJson(results);
        if (fine)
        {
            context.Suggest($"score CLEAN.png {ShellWord.Of(targets[0])} --metric psnr,ssim");
        }

        return fine ? ExitCode.Ok : ExitCode.Failed;
    }

    private static string Stem(string path) => Path.GetFileNameWithoutExtension(path);

    private static Task<DenoiserModel> LoadAsync(CommandContext context, string name, CancellationToken stop)
    {
        if (name != "builtin" && !File.Exists(name))
        {
            throw new CommandFailedException($"there is no model '{name}'; name a file that 'grainy train' wrote, or builtin");
        }

        return context.OnDeviceAsync(
            _ =>
            {
                if (name == "builtin")
                {
                    return DenoiserModel.BuiltIn;
                }

                using var stream = File.OpenRead(name);
                return DenoiserModel.Load(stream);
            },
            stop);
    }
}
