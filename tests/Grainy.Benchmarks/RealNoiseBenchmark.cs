using System.Globalization;
using System.Text;
using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Benchmarks;

/// <summary>
/// What the analysis says of real noisy images whose mean of many exposures is known, beside the truth: the root mean square of image minus mean. Last, the rate of
/// false alarms on clean photographs with white noise added. Writes <c>results/DATE-noise-real.md</c>.
/// </summary>
internal static class RealNoiseBenchmark
{
    private static readonly string Shared = Environment.GetEnvironmentVariable("GRAINY_SHARED")
        ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "..", "shared"));

    public static void Run(string[] args)
    {
        var text = new StringBuilder();
        text.AppendLine("# What `grainy noise` says of real images").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Describe()}, commit {Machine.Commit()}. σ on each image's own scale (8-bit and 16-bit files: 0 to 1), in thousandths.");
        text.AppendLine("True σ: root mean square of the image minus the mean of many exposures, brought to the image's brightness and contrast by a straight line; it holds what the mean still lacks.").AppendLine();
        text.AppendLine("| image | true σ | overall | high-pass | wavelet | patches | a | b | R² | scatter | ρ right | ρ down | ρ channels | impulses | clipped | verdict | proposal | hole | warnings |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|---|--:|---|");
        foreach (var (noisy, mean) in Singles())
        {
            text.AppendLine(Row(Path.GetRelativePath(Path.Combine(Shared, "data", "real"), noisy), noisy, mean));
        }

        text.AppendLine().AppendLine("Frames of one scene (OCT, 1.tif and 2.tif of each):").AppendLine();
        text.AppendLine("| scene | σ by difference | a | b | ρ right | ρ down | shift | drift | correlation | verdict | proposal | warnings |").AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|---|---|---|");
        foreach (var folder in Directory.GetDirectories(Path.Combine(Shared, "data", "real", "oct")).Order())
        {
            text.AppendLine(Frames(folder));
        }

        text.AppendLine().AppendLine(FalseAlarms());
        Machine.Publish("noise-real", text.ToString());
    }

    private static IEnumerable<(string Noisy, string? Mean)> Singles()
    {
        var real = Path.Combine(Shared, "data", "real");
        foreach (var file in Directory.GetFiles(Path.Combine(real, "camera_cc15"), "*_real.png").Concat(Directory.GetFiles(Path.Combine(real, "camera_polyu"), "*_real.JPG")).Order())
        {
            yield return (file, file.Replace("_real", "_mean", StringComparison.Ordinal));
        }

        foreach (var file in Directory.GetFiles(Path.Combine(real, "fluorescence_w2s", "noisy_avg1"), "*.tif").Order())
        {
            yield return (file, Path.Combine(real, "fluorescence_w2s", "target_avg400", Path.GetFileName(file).Replace("input_avg1", "target_avg400", StringComparison.Ordinal)));
        }

        var fmd = Path.Combine(real, "fluorescence_fmd");
        yield return (Path.Combine(fmd, "image_R_1_001.png"), Path.Combine(fmd, "image_R_1_avg50.png"));
        yield return (Path.Combine(fmd, "raw", "Confocal_FISH_3.png"), Path.Combine(fmd, "target", "gt_Confocal_FISH_3.png"));
        yield return (Path.Combine(fmd, "raw", "WideField_BPAE_raw_rgb_new1.png"), Path.Combine(fmd, "target", "WideField_BPAE_gt_rgb_new1.png"));
        yield return (Path.Combine(real, "nucleus_16bit", "low_snr.tif"), Path.Combine(real, "nucleus_16bit", "high_snr.tif"));
        foreach (var folder in Directory.GetDirectories(Path.Combine(real, "oct")).Order())
        {
            yield return (Path.Combine(folder, "1.tif"), Path.Combine(folder, "average.tif"));
        }
    }

    private static string Row(string name, string noisy, string? mean)
    {
        var (image, facts) = ImageReader.Read(noisy);
        var noise = NoiseAnalysis.OfImage(image, facts.Format is "JPEG");
        var proposal = NoiseAnalysis.Conclude([noise], [], 1, noise.Pixels).Proposal;
        var worst = noise.Channels.MaxBy(channel => channel.Best)!;
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {Truth(image, mean)} | {Milli(noise.OverallSigma)} | {Milli(worst.HighPass)} | {Milli(worst.Wavelet)} | {Milli(worst.Patches)} | {Curve(noise.Curve)} | {noise.Autocorrelation?.At(1, 0):F2} | {noise.Autocorrelation?.At(0, 1):F2} | {noise.Autocorrelation?.ChannelCorrelation:F2} | {noise.Impulses:P2} | {Math.Max(noise.Spread.AtLowest, noise.Spread.AtHighest):P1} | {Words(proposal)} |");
    }

    private static string Frames(string folder)
    {
        ImageBuffer[] frames = [ImageReader.Read(Path.Combine(folder, "1.tif")).Image, ImageReader.Read(Path.Combine(folder, "2.tif")).Image];
        var report = NoiseAnalysis.Run(frames);
        var pair = report.Frames[0];
        return string.Create(CultureInfo.InvariantCulture, $"| {Path.GetFileName(folder)} | {Milli(pair.Sigma)} | {pair.Curve?.A:G3} ± {pair.Curve?.AError:G2} | {pair.Curve?.B:G3} | {pair.Autocorrelation?.At(1, 0):F2} | {pair.Autocorrelation?.At(0, 1):F2} | {pair.Alignment.Shift:F2} | {pair.Alignment.Drift:G2} | {pair.Alignment.Correlation:F2} | {report.Proposal.Verdict} | {report.Proposal.Method} | {string.Join(", ", report.Proposal.Warnings.Select(warning => warning.Code))} |");
    }

    private static string FalseAlarms()
    {
        var files = Directory.GetFiles(Path.Combine(Shared, "data", "images", "kodak"), "*.png").Order().ToArray();
        var text = new StringBuilder("Clean Kodak photographs with white Gaussian noise: how often it is wrongly called correlated, and the largest error of σ and of the model.\n\n| σ (0..255) | images | called correlated | called something but Gaussian | largest error of σ | mean ρ right |\n|--:|--:|--:|--:|--:|--:|\n");
        foreach (var sigma in new[] { 5.0, 10, 25, 50 })
        {
            var results = files.Select(file => NoiseAnalysis.OfImage(GaussianNoise.Corrupt(ImageReader.Read(file).Image, sigma / 255, 1))).ToArray();
            var models = results.Select(noise => NoiseAnalysis.Conclude([noise], [], 1, noise.Pixels).Proposal.Model).ToArray();
            text.AppendLine(CultureInfo.InvariantCulture, $"| {sigma} | {results.Length} | {results.Count(noise => noise.Autocorrelation!.IsCorrelated)} | {models.Count(model => model is not NoiseModel.Gaussian)} | {results.Max(noise => Math.Abs((noise.Sigma * 255 / sigma) - 1)):P1} | {results.Average(noise => noise.Autocorrelation!.At(1, 0)):F3} |");
        }

        return text.ToString();
    }

    private static string Truth(ImageBuffer image, string? mean)
    {
        if (mean is null || !File.Exists(mean))
        {
            return "";
        }

        var reference = ImageReader.Read(mean).Image;
        if (!reference.HasSizeOf(image))
        {
            return "";
        }

        var (x, y) = (reference.Planes, image.Planes);
        double meanX = x.Average(), meanY = y.Average();
        var slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
        return Milli(Math.Sqrt(x.Zip(y, (a, b) => Math.Pow(b - meanY - (slope * (a - meanX)), 2)).Average()));
    }

    private static string Curve(VarianceCurve? curve) => curve is null
        ? "– | – | – | –"
        : string.Create(CultureInfo.InvariantCulture, $"{curve.A:G3} ± {curve.AError:G2} | {curve.B:G3} ± {curve.BError:G2} | {curve.RSquared:F2} | {curve.Scatter:F2}");

    private static string Words(NoiseProposal proposal) =>
        $"{proposal.Verdict} | {proposal.Method}, {proposal.Model?.Kind ?? "no model"} | {proposal.Hole} | {string.Join(", ", proposal.Warnings.Select(warning => warning.Code))}";

    private static string Milli(double? sigma) => sigma is { } value ? (value * 1000).ToString("F2", CultureInfo.InvariantCulture) : "–";
}
