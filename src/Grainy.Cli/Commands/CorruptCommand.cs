using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Corruption;
using Grainy.Core.Images;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy corrupt</c>: spoils a clean image in a known way, to test denoising with a known truth.</summary>
internal static class CorruptCommand
{
    private static readonly Argument<string> Image = new("in") { Description = "A clean image" };
    private static readonly Option<ParameterRange?> Affine = Ranges.Option("--affine", "gain", 0, 1000, "Noise of a camera: variance gain·x + --offset, on the scale [0, 1]");
    private static readonly Option<double?> Offset = Checked.OptionalNumber("--offset", 0, 1000, "The constant part of the variance of --affine [default: 0]");

    private static readonly (CorruptionKind Kind, Option<ParameterRange?> Option)[] Kinds =
    [
        (CorruptionKind.Gaussian, Ranges.Option("--gaussian", "sigma", 1e-3, 1000, "Gaussian noise of this standard deviation in 8-bit units; like all others a number, or a range such as 5..50 to draw from")),
        (CorruptionKind.Poisson, Ranges.Option("--poisson", "lambda", 1e-3, 1e9, "Counts of photons: this many at white")),
        (CorruptionKind.Affine, Affine),
        (CorruptionKind.Bernoulli, Ranges.Option("--bernoulli", "share", 0, 1, "Share of pixels that are lost (set to 0)")),
        (CorruptionKind.Impulse, Ranges.Option("--impulse", "share", 0, 1, "Share of pixels that become random colours")),
        (CorruptionKind.Text, Ranges.Option("--text", "share", 0, 0.9, "Share of pixels that random letters cover")),
        (CorruptionKind.Brown, Ranges.Option("--brown", "sigma", 1e-3, 1000, "Noise that neighbours share, of this standard deviation in 8-bit units")),
        (CorruptionKind.MonteCarlo, Ranges.Option("--monte-carlo", "samples", 1, 1024, "Noise of a path tracer with this many samples per pixel")),
    ];

    private static readonly Option<int> Frames = Checked.Integer("--frames", 1, 1, 10_000, "Independent frames; from 2 on, -1, -2 and so on are put before the ending of --out");
    private static readonly Option<ulong> Seed = Checked.Seed();
    private static readonly Option<string?> Mask = new("--mask") { Description = "Also write where pixels are lost (white: kept), for --bernoulli, --impulse and --text", HelpName = "file.png" };
    private static readonly Option<string> Out = new("--out", "-o") { Description = "Float TIFF (.tif) or NumPy array (.npy); nothing is clipped", HelpName = "file", Required = true };

    public static CliCommand Build() =>
        new CliCommand(
            "corrupt", "Spoil an image with noise of a known kind and strength",
            "corrupt clean.png --gaussian 25 --seed 1 --out noisy.tif", "corrupt clean.png --poisson 5..50 --frames 2 --out pair.tif", "corrupt clean.png --text 0.25 --mask kept.png --out text.tif")
            .With([Image, .. Kinds.Select(kind => kind.Option), Offset, Frames, Seed, Mask, Out]).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var (path, seed, frames) = (context.Get(Image), context.Get(Seed), context.Get(Frames));
        var settings = Settings(context);
        var format = Path.GetExtension(context.Get(Out)).ToUpperInvariant() switch
        {
            ".TIF" or ".TIFF" => "tiff32f",
            ".NPY" => "npy",
            _ => throw new UsageException($"'{context.Get(Out)}' cannot keep values below 0 and above 1: --out must end in .tif or .npy"),
        };
        var image = Inputs.ReadSingle(path).Image;
        var kind = settings.Kind.ToString().ToLowerInvariant();
        var results = new List<object>();
        using (var progress = context.Progress())
        {
            for (var frame = 0; frame < frames; frame++)
            {
                var noisy = await context.OnDeviceAsync(_ => Corruptor.Apply(image, settings, seed, frame), stop);
                var (target, mask) = (Numbered(context.Get(Out), frame, frames), context.Get(Mask) is { } name ? Numbered(name, frame, frames) : null);
                OutputFile.Write(target, stream => ImageFormats.Write(format, noisy.Image, stream));
                if (mask is not null)
                {
                    OutputFile.Write(mask, stream => ImageWriter.Write(Picture(noisy.Valid!, image), stream, OutputFormat.Png8));
                }

                double? eight = settings.Kind is CorruptionKind.Gaussian or CorruptionKind.Brown ? noisy.Strength * 255 : null;
                results.Add(new { file = target, from = path, noise = kind, noisy.Strength, sigma8 = eight, noisy.Offset, seed, frame, mask });
                context.Print(string.Create(CultureInfo.InvariantCulture, $"{target}: {path} with {kind} noise of {eight ?? noisy.Strength:G6}{(eight is null ? "" : " (0..255)")}, seed {seed}{(frames > 1 ? $", frame {frame}" : "")}"));
                progress.Report((frame + 1.0) / frames, target);
            }
        }

        context.PrintJson(frames == 1 ? results[0] : results);
        context.Suggest($"noise {string.Join(' ', Enumerable.Range(0, Math.Min(frames, 2)).Select(frame => ShellWord.Of(Numbered(context.Get(Out), frame, frames))))}");
        return ExitCode.Ok;
    }

    private static CorruptionSettings Settings(CommandContext context)
    {
        var given = Kinds.Where(kind => context.Get(kind.Option) is not null).ToArray();
        if (given is not [var (kind, option)])
        {
            throw new UsageException($"name one kind of noise: {string.Join(", ", Kinds.Select(one => one.Option.Name))}");
        }

        if (context.Get(Offset) is not null && kind != CorruptionKind.Affine)
        {
            throw new UsageException("--offset belongs to --affine");
        }

        if (context.Get(Mask) is { } mask && (kind is not (CorruptionKind.Bernoulli or CorruptionKind.Impulse or CorruptionKind.Text) || !mask.EndsWith(".png", StringComparison.OrdinalIgnoreCase)))
        {
            throw new UsageException("--mask needs a file ending in .png, and noise that loses whole pixels: --bernoulli, --impulse or --text");
        }

        var range = context.Get(option)!.Value;
        var unit = kind is CorruptionKind.Gaussian or CorruptionKind.Brown ? 255 : 1;
        return new CorruptionSettings(kind, new ParameterRange(range.Low / unit, range.High / unit), context.Get(Offset) ?? 0);
    }

    private static ImageBuffer Picture(bool[] valid, ImageBuffer image) => new(1, image.Height, image.Width, [.. valid.Select(good => good ? 1f : 0f)]);

    private static string Numbered(string path, int frame, int frames) => frames == 1
        ? path
        : Path.Combine(Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}-{frame + 1}{Path.GetExtension(path)}");
}
