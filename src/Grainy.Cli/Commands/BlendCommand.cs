using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Blending;
using Grainy.Cli.Options;
using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Metrics;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy blend</c>: pictures between images, each the one with the least perceptual distance to all; or the average of noisy copies.</summary>
internal static class BlendCommand
{
    private static readonly Argument<string[]> Images = new("images") { Description = "Two to eight images; with --average up to 64", Arity = new ArgumentArity(2, 64) };
    private static readonly Option<string[]> Weights = new("--weights")
    {
        Description = "Compute this one mixture: a number for each image, with commas; scaled to sum 1. May be given several times. Anything else: folder with weights files",
        HelpName = "w,w,… or folder",
    };

    private static readonly Option<int?> Steps = Checked.OptionalInteger(
        "--steps", 3, BlendOptions.MostFrames, "Pictures in the chain, both ends included [default: 9]; of three images, along each side of their triangle [default: 4]");

    private static readonly Option<string?> Path = Choice.Of("--path", "chain", "Each picture by its own weights, or all evenly along the shortest path", "chain", "geodesic");
    private static readonly Option<string?> Spacing = Choice.Of(
        "--spacing", null, "Of a chain of two images: neighbours equally far apart in the metric, or by equal steps of the weight [default: even]", "even", "weights");

    private static readonly Option<string?> Metric = new("--metric") { Description = $"{string.Join(", ", BlendMetrics.Names)}", HelpName = "name" };
    private static readonly Option<int?> Size = Checked.OptionalInteger("--size", 64, 2048, "Longer side of the pictures in pixels [default: 256; with --average 512]");
    private static readonly Option<int?> Working = Checked.OptionalInteger("--working-size", 64, 1024, "Longer side at which they are optimised; finer detail is transferred [default: 512]");
    private static readonly Option<int?> Iterations = Checked.OptionalInteger("--iterations", 10, 100_000, "The most optimisation steps per picture [default: 480, of an average 240; with --reference 100000]");
    private static readonly Option<bool> Reference = new("--reference") { Description = "The published procedure instead: from noise, tens of thousands of steps, for comparison" };
    private static readonly Option<int?> Scales = Checked.OptionalInteger("--scales", 1, 16, "Largest scale of E-LPIPS [default: by size; with --reference 1]");
    private static readonly Option<bool> Average = new("--average") { Description = "The images are noisy copies: compute their average that keeps the grain, beside the mean of pixels" };
    private static readonly Option<string?> Align = Choice.Of("--align", null, "Make the images comparable first: to the size all have, to the first one's size, or shifted over each other", "crop", "fit", "align");
    private static readonly Option<string?> Animation = Choice.Of("--animation", null, "Also write the pictures as one animated file", "gif", "webp", "mp4");
    private static readonly Option<ulong> Seed = Checked.Seed();
    private static readonly Option<string> Out = new("--out", "-o") { Description = "Folder for the pictures", HelpName = "folder", Required = true };
    private static readonly Option<string?> Format = ImageFormats.Option("png16");

    public static CliCommand Build() =>
        new CliCommand(
            "blend",
            "Compute the pictures between images along a perceptual metric, or the average of noisy copies that keeps their grain",
            "blend cat.png dog.png --steps 9 --size 256 --animation webp --out between",
            "blend a.png b.png c.png --weights 0.5,0.3,0.2 --out mixture",
            "blend a.png b.png --path geodesic --steps 7 --json --out path",
            "blend shot*.png --average --align align --out average")
            .With(Images, Weights, Steps, Path, Spacing, Metric, Size, Working, Iterations, Average, Align, Animation, Reference, Scales, Seed, Out, Format).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var (files, mixtures) = (context.Get(Images), Mixtures(context));
        if (context.Get(Average) && (mixtures.Length > 0 || context.Get(Steps) is not null || context.Get(Path) == "geodesic" || context.Get(Spacing) is not null
            || context.Get(Animation) is not null))
        {
            throw new UsageException("--average makes one picture of equal weights; leave out --weights, --steps, --path, --spacing and --animation");
        }

        if (context.Get(Animation) is { } film && BlendAnimation.WhyNot(AnimationOf(film)) is { } reason)
        {
            throw new CommandFailedException(reason);
        }

        var images = files.Select(file => Inputs.ReadSingle(file).Image).ToArray();
        var (aligned, words) = Aligned(images, context.Get(Align));
        foreach (var word in words)
        {
            context.Say(word);
        }

        var store = CommandContext.WeightsIn(context.Get(Weights)?.Except(mixtures).FirstOrDefault() ?? context.WeightsFolder);
        var output = new BlendOutput(context, store, context.Get(Out), context.Get(Format) ?? "png16", files, words);
        try
        {
            return context.Get(Average)
                ? await AverageRun.RunAsync(output, aligned, AverageOptionsOf(context), stop)
                : await BlendRun.RunAsync(output, aligned, BlendOptionsOf(context, images.Length), context.Get(Animation) is { } name ? AnimationOf(name) : null, stop);
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new UsageException(error.Message.Split(" (Parameter")[0]);
        }
    }

    private static BlendOptions BlendOptionsOf(CommandContext context, int images)
    {
        var reference = context.Get(Reference);
        return new BlendOptions
        {
            Frames = Frames(context, images),
            Size = context.Get(Size) ?? 256,
            WorkingSize = context.Get(Working),
            Seed = context.Get(Seed),
            Metric = context.Get(Metric),
            Path = context.Get(Path)!,
            Spacing = context.Get(Spacing) ?? (images == 2 && Mixtures(context).Length == 0 && context.Get(Path) == "chain" && !reference ? "even" : "weights"),
            Reference = reference,
            Scales = context.Get(Scales),
            StepsPerFrame = context.Get(Iterations) ?? (reference ? 100_000 : new BlendOptions().StepsPerFrame),
        };
    }

    private static AverageOptions AverageOptionsOf(CommandContext context)
    {
        var reference = context.Get(Reference);
        return new AverageOptions
        {
            Size = context.Get(Size) ?? 512,
            Seed = context.Get(Seed),
            Metric = context.Get(Metric),
            Reference = reference,
            Steps = context.Get(Iterations) ?? (reference ? 100_000 : new AverageOptions().Steps),
        };
    }

    private static IReadOnlyList<BlendTarget> Frames(CommandContext context, int images)
    {
        if (Mixtures(context) is { Length: > 0 } mixtures)
        {
            return context.Get(Steps) is null
                ? [.. mixtures.Select((mixture, i) => new BlendTarget(i, Parse(mixture, images)))]
                : throw new UsageException("--weights asks for single mixtures and --steps for a chain; give one of both");
        }

        return images switch
        {
            2 => BlendLattice.Line(context.Get(Steps) ?? 9),
            3 => BlendLattice.Triangle((context.Get(Steps) ?? 4) - 1),
            _ when context.Get(Steps) is not null => throw new UsageException("--steps is for two or three images; give --weights for more"),
            _ => [new BlendTarget(0, [.. Enumerable.Repeat(1.0 / images, images)])],
        };
    }

    // Every command has an option of this name for a folder; numbers with commas are no folder that is there.
    private static string[] Mixtures(CommandContext context) => [.. (context.Get(Weights) ?? []).Where(text =>
        text.Length > 0 && text.All(symbol => char.IsAsciiDigit(symbol) || symbol is ',' or '.' or ' ' or '-' or '+' or 'e' or 'E') && !Directory.Exists(text))];

    private static double[] Parse(string mixture, int images)
    {
        var parts = mixture.Split(',', StringSplitOptions.TrimEntries);
        var weights = parts.Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN).ToArray();
        return weights.Length == images && weights.All(weight => double.IsFinite(weight) && weight >= 0) && weights.Sum() > 0
            ? [.. weights.Select(weight => weight / weights.Sum())]
            : throw new UsageException($"'{mixture}' does not fit --weights: it must be {images} numbers of at least 0, not all of them 0, with commas between them");
    }

    private static (IReadOnlyList<ImageBuffer> Images, IReadOnlyList<string> Words) Aligned(IReadOnlyList<ImageBuffer> images, string? how)
    {
        if (how is null)
        {
            var report = BlendAlignment.Examine(images);
            return report.SameSize
                ? (images, report.Words)
                : throw new MetricInputException($"{report.Words[0].TrimEnd('.')} (--align crop, or --align fit).");
        }

        var result = how switch { "crop" => BlendAlignment.Crop(images), "fit" => BlendAlignment.Fit(images), _ => BlendAlignment.Align(images) };
        return (result.Images, result.Words);
    }

    private static AnimationFormat AnimationOf(string name) => name switch { "gif" => AnimationFormat.Gif, "webp" => AnimationFormat.WebP, _ => AnimationFormat.Mp4 };
}
