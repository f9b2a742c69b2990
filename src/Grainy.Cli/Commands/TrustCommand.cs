using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Trust;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Trust;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy trust</c>: is a denoised image to be trusted? Judged without a clean one, whatever program denoised it.</summary>
internal static class TrustCommand
{
    private static readonly Argument<string> Noisy = new("noisy") { Description = "The noisy image" };
    private static readonly Argument<string> Denoised = new("denoised") { Description = "The result of denoising it, on the same scale" };
    private static readonly Option<string?> Second = new("--second") { Description = "Another noisy frame of the scene, which the denoiser has not seen: gives a PSNR without a clean image", HelpName = "file" };
    private static readonly Option<string?> Doubt = new("--uncertainty") { Description = "The standard deviation of the error that the denoiser expects in each sample; with --second it is checked", HelpName = "file" };
    private static readonly Option<double?> Sigma = Checked.Sigma("--sigma", "Standard deviation of the noise in 8-bit units [default: estimated]");
    private static readonly Option<double?> Peak = Checked.OptionalNumber("--data-range", 1e-6, 1e9, "The value of white for the PSNR [default: 1]");

    public static CliCommand Build() =>
        new CliCommand(
            "trust", "Judge a denoised image without a clean one: by what was taken out, and by a second frame",
            "trust noisy.tif clean/noisy-denoised.tif", "trust frame1.tif frame1-denoised.tif --second frame2.tif --json")
            .With(Noisy, Denoised, Second, Doubt, Sigma, Peak).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        if (context.Get(Doubt) is not null && context.Get(Second) is null)
        {
            throw new UsageException("--uncertainty is checked against a second frame; name one with --second");
        }

        var (noisy, denoised) = (Inputs.ReadSingle(context.Get(Noisy)).Image, Inputs.ReadSingle(context.Get(Denoised)).Image);
        var second = Read(context.Get(Second));
        var doubt = Read(context.Get(Doubt));
        NoiseModel? noise = context.Get(Sigma) is { } eight ? new NoiseModel.Gaussian(eight / 255) : null;
        var (residual, score, reliability) = await context.OnDeviceAsync(
            _ => (
                ResidualAnalysis.Of(noisy, denoised, noise),
                second is null ? null : PairScore.Of(denoised, noisy, second, context.Get(Peak) ?? 1),
                second is null || doubt is null ? null : Reliability.Of(doubt, denoised, noisy, second)),
            stop);
        context.PrintJson(new { noisy = context.Get(Noisy), denoised = context.Get(Denoised), residual = TrustDocument.Of(residual), pair = TrustDocument.Of(score), reliability = TrustDocument.Of(reliability) });
        foreach (var line in Lines(residual, score, reliability))
        {
            context.Print(line);
        }

        return ExitCode.Ok;
    }

    private static ImageBuffer? Read(string? path) => path is null ? null : Inputs.ReadSingle(path).Image;

    private static IEnumerable<string> Lines(ResidualReport residual, PairScore? score, Reliability? reliability)
    {
        yield return Text($"taken out: sigma {residual.Sigma * 255:F2} (0..255){(residual.ExpectedSigma is { } expected ? Text($", expected {expected * 255:F2}") : "")}");
        yield return Text($"mean of what was taken out: {residual.MeanShift * 255:F3} ± {residual.MeanShiftError * 255:F3} (0..255)");
        yield return Text($"neighbours in it: {(residual.Autocorrelation is { } noise ? Text($"{noise.Strongest.Value:F2} at {noise.Strongest.Dx} right, {noise.Strongest.Dy} down") : "nothing was taken out")}");
        yield return Text($"correlation with the image: {residual.SignalCorrelation:F3}, with its detail: {residual.DetailCorrelation:F3} (± {residual.CorrelationError:F3})");
        if (score is not null)
        {
            yield return Text($"PSNR without a clean image: {score.Psnr:F2} dB (95 %: {score.Interval.Low:F2} to {score.Interval.High:F2}); before denoising {score.NoisyPsnr:F2} dB");
        }

        if (reliability is not null)
        {
            yield return Text($"errors are {reliability.Ratio:F2} times as large as the denoiser expects");
        }

        yield return residual.Remarks.Count == 0 ? "Nothing speaks against the result." : "";
        foreach (var remark in residual.Remarks)
        {
            yield return $"- {remark.Text}";
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
