using System.Globalization;
using Grainy.Core.Blending;
using Grainy.Core.Images;

namespace Grainy.Cli.Blending;

/// <summary>Computes the average of noisy copies beside the mean of pixels, and reports the grain of both.</summary>
internal static class AverageRun
{
    public static async Task<int> RunAsync(BlendOutput output, IReadOnlyList<ImageBuffer> images, AverageOptions options, CancellationToken stop)
    {
        var context = output.Context;
        AverageStep result;
        using (var progress = context.Progress())
        {
            result = await context.OnDeviceAsync(
                token => NoisyAverage.Run(images, options, output.Weights, token),
                update => progress.Report(
                    (double)update.Step.StepsDone / options.Steps, string.Create(CultureInfo.InvariantCulture, $"step {update.Step.StepsDone}, energy {update.Step.Energy:G4}")),
                stop);
        }

        var report = result.Report!;
        var (average, mean) = (output.Write("average", report.Average), output.Write("pixel-mean", report.PixelMean));
        context.PrintJson(new
        {
            inputs = output.Inputs,
            preparation = output.Preparation,
            metric = result.Step.Metric,
            options.Seed,
            procedure = options.Reference ? "published" : "fast",
            result.Step.Energy,
            result.Step.EnergyError,
            meanEnergy = result.Step.MixEnergy,
            result.Step.StepsDone,
            workingSize = result.Step.WorkingSize,
            detailTransferred = result.Step.DetailTransferred,
            average = new { file = average, fineKept = report.FineKept, grain = Row(report.OfAverage) },
            pixelMean = new { file = mean, fineKept = report.FineKeptByMean, grain = Row(report.OfPixelMean) },
            exposures = report.Exposures.Select(Row),
        });
        context.Print(
        [
            ["", "variance", "of it fine", "fine variance kept", "energy", "file"],
            Line("exposures, mean", report.Exposures.Average(grain => grain.Variance), report.Exposures.Average(grain => grain.FineVariance), 1, null, ""),
            Line("average", report.OfAverage.Variance, report.OfAverage.FineVariance, report.FineKept, result.Step.Energy, average),
            Line("mean of pixels", report.OfPixelMean.Variance, report.OfPixelMean.FineVariance, report.FineKeptByMean, result.Step.MixEnergy, mean),
        ]);
        return ExitCode.Ok;
    }

    private static object Row(GrainStatistics grain) => new { grain.Variance, grain.FineVariance, grain.FineShare, grain.Frequencies, grain.Power };

    private static string[] Line(string name, double variance, double fine, double kept, double? energy, string file)
    {
        var numbers = CultureInfo.InvariantCulture;
        return [name, variance.ToString("G4", numbers), fine.ToString("G4", numbers), kept.ToString("P0", numbers), energy?.ToString("G4", numbers) ?? "", file];
    }
}
