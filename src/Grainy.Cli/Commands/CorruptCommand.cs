using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Noise;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy corrupt</c>: adds noise to a clean image, to test denoising with a known truth.</summary>
internal static class CorruptCommand
{
    private static readonly Argument<string> Image = new("in") { Description = "A clean image" };
    private static readonly Option<double?> Gaussian = Checked.Sigma("--gaussian", "Standard deviation of Gaussian noise in 8-bit units", required: true);
    private static readonly Option<ulong> Seed = Checked.Seed();
    private static readonly Option<string> Out = new("--out", "-o") { Description = "Float TIFF (.tif) or NumPy array (.npy); nothing is clipped", HelpName = "file", Required = true };

    public static CliCommand Build() =>
        new CliCommand("corrupt", "Add noise of a known strength to an image", "corrupt clean.png --gaussian 25 --seed 1 --out noisy.tif")
            .With(Image, Gaussian, Seed, Out).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var (path, target, units, seed) = (context.Get(Image), context.Get(Out), context.Get(Gaussian)!.Value, context.Get(Seed));
        var format = Path.GetExtension(target).ToUpperInvariant() switch
        {
            ".TIF" or ".TIFF" => "tiff32f",
            ".NPY" => "npy",
            _ => throw new UsageException($"'{target}' cannot keep values below 0 and above 1: --out must end in .tif or .npy"),
        };
        var image = Inputs.Read(path).Image;
        var noisy = await context.OnDeviceAsync(_ => GaussianNoise.Corrupt(image, units / 255, seed), stop);
        OutputFile.Write(target, stream => ImageFormats.Write(format, noisy, stream));
        context.PrintJson(new { file = target, from = path, noise = "gaussian", sigma = units / 255, sigma8 = units, seed });
        context.Print(string.Create(CultureInfo.InvariantCulture, $"{target}: {path} with Gaussian noise of sigma {units} (0..255), seed {seed}"));
        context.Suggest($"denoise {ShellWord.Of(target)} --model builtin --out denoised");
        return ExitCode.Ok;
    }
}
