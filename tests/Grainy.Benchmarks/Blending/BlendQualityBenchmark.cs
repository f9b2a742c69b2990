using System.Globalization;
using System.Text;
using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Tensors;

namespace Grainy.Benchmarks.Blending;

/// <summary>
/// What blends look like where pixel mixes fail: grain of noisy copies, edges of shifted images, photographs, three images; numbers and pictures. Arguments: side (256),
/// threads (0: all).
/// </summary>
internal static class BlendQualityBenchmark
{
    private const string Result = "blend-quality";
    private static readonly double[] Half = [0.5, 0.5];

    public static void Run(string[] args)
    {
        var numbers = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var side = numbers.Length > 0 ? numbers[0] : 256;
        TorchRuntime.Initialize(numbers.Length > 1 ? numbers[1] : 0);
        var text = new StringBuilder("# What perceptual blends keep\n\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Describe()}, commit {Machine.Commit()}. elpips-squeeze, {side}².").AppendLine();
        Grain(side, text);
        Edges(side, text);
        Photographs(side, text);
        Machine.Publish(Result, text.ToString());
    }

    private static void Grain(int side, StringBuilder text)
    {
        text.AppendLine("## Grain").AppendLine().AppendLine("Two noisy copies (σ 0.1) of one texture: variance in the upper half of the spectrum, relative to the copies'.").AppendLine();
        text.AppendLine("| texture | copies | average | pixel mean | energy | of the pixel mean |").AppendLine("|---|--:|--:|--:|--:|--:|");
        var rows = new List<IReadOnlyList<ImageBuffer>>();
        foreach (var (name, texture, count) in new[] { ("waves", Waves(side), 2), ("kodim08", BlendPictures.Square("images/kodak/kodim08.png", side), 2), ("waves", Waves(side), 8) })
        {
            ImageBuffer[] copies = [.. Enumerable.Range(1, count).Select(number => Noisy(texture, number))];
            var last = NoisyAverage.Run(copies, new AverageOptions { Size = side }, BlendPictures.Weights, CancellationToken.None).Last();
            var report = last.Report!;
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {count} | {report.FineKept:P0} | {report.FineKeptByMean:P0} | {last.Step.Energy:G3} | {last.Step.MixEnergy:G3} |");
            rows.Add([copies[0], report.Average, report.PixelMean]);
        }

        text.AppendLine().AppendLine($"![copy, average, pixel mean]({BlendPictures.Sheet(Result, "grain", [.. rows])})").AppendLine();
        text.AppendLine("One of the copies, their average under the metric, the mean of pixels.").AppendLine();
    }

    private static void Edges(int side, StringBuilder text)
    {
        ImageBuffer[] images = [Edge(side, 0), Edge(side, 4)];
        var blend = BlendPictures.Mixture(images, Half, new BlendOptions { Size = side });
        var mix = PixelMix.Of(images, Half);
        text.AppendLine("## Edges").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Two images shifted by 4 pixels: the pixel mean shows {EdgeCount.Of(mix)} edges (energy {blend.MixEnergy:G3}), the average under the metric {EdgeCount.Of(blend.Picture!)} (energy {blend.Energy:G3}).").AppendLine();
        text.AppendLine($"![first, average, pixel mean, second]({BlendPictures.Sheet(Result, "edges", [images[0], blend.Picture!, mix, images[1]])})").AppendLine();
    }

    private static void Photographs(int side, StringBuilder text)
    {
        text.AppendLine("## Photographs").AppendLine();
        (string Name, string[] Files)[] sets =
        [
            ("animals", ["metrics/elpips/cat.png", "metrics/elpips/dog.png"]),
            ("portraits", ["images/kodak/kodim04.png", "images/kodak/kodim09.png"]),
            ("textures", ["images/kodak/kodim01.png", "images/kodak/kodim08.png"]),
            ("three", ["metrics/elpips/cat.png", "metrics/elpips/dog.png", "metrics/elpips/adv_teddy.png"]),
        ];
        foreach (var (name, files) in sets)
        {
            ImageBuffer[] images = [.. files.Select(file => BlendPictures.Square(file, side))];
            double[] weights = [.. files.Select(_ => 1.0 / files.Length)];
            var blend = BlendPictures.Mixture(images, weights, new BlendOptions { Size = side });
            var sheet = BlendPictures.Sheet(Result, name, images, [blend.Picture!, PixelMix.Of(images, weights)]);
            text.AppendLine(CultureInfo.InvariantCulture, $"{name}: energy {blend.Energy:G4} ± {blend.EnergyError:G2}, pixel mix {blend.MixEnergy:G4}. Top row: the images. Bottom row: their blend, the pixel mix.").AppendLine();
            text.AppendLine($"![{name}]({sheet})").AppendLine();
        }
    }

    private static ImageBuffer Noisy(ImageBuffer clean, int number)
    {
        var random = new SeedSequence(3).ManagedFor("noise", number);
        return new ImageBuffer(clean.Channels, clean.Height, clean.Width, Array.ConvertAll(clean.Planes, value =>
            (float)Math.Clamp(value + (0.1 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())), 0, 1)));
    }

    private static ImageBuffer Waves(int side) => Make(side, (c, y, x) => 0.5 + (0.15 * Math.Sin(0.2 * x) * Math.Cos((0.15 + (0.02 * c)) * y)));

    private static ImageBuffer Edge(int side, int shift) => Make(side, (c, y, x) =>
        0.3 + (0.05 * c) + (0.4 / (1 + Math.Exp(-(x - (side / 2) - shift) / 0.6))) + (0.04 * Math.Sin(0.9 * (x - shift)) * Math.Sin((0.7 + (0.1 * c)) * y)));

    private static ImageBuffer Make(int side, Func<int, int, int, double> value)
    {
        var planes = new float[3 * side * side];
        for (var i = 0; i < planes.Length; i++)
        {
            planes[i] = (float)value(i / (side * side), i / side % side, i % side);
        }

        return new ImageBuffer(3, side, side, planes);
    }
}
