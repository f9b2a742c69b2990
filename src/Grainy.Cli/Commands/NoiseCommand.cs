using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Output;
using Grainy.Core.Noise;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy noise</c>: how strong the noise in images is.</summary>
internal static class NoiseCommand
{
    private static readonly Argument<string[]> Files = new("files") { Description = "Noisy images", Arity = ArgumentArity.OneOrMore };

    public static CliCommand Build() =>
        new CliCommand("noise", "Estimate the standard deviation of the noise in images", "noise noisy.tif", "noise night/*.tif --json").With(Files).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var rows = new List<string[]> { (string[])["file", "sigma (0..255)", "sigma (0..1)", "per channel (0..255)"] };
        var results = new List<object>();
        var fine = await Inputs.ForEachAsync(
            context.Get(Files),
            async path =>
            {
                var image = Inputs.Read(path).Image;
                var estimate = await context.OnDeviceAsync(_ => NoiseEstimator.TryEstimate(image), stop)
                    ?? throw new CommandFailedException($"{path}: an image of {image.Width} × {image.Height} pixels is too small to tell noise from content");
                rows.Add([path, Units(estimate.Sigma), estimate.Sigma.ToString("F5", CultureInfo.InvariantCulture), string.Join(' ', estimate.PerChannel.Select(Units))]);
                results.Add(new { file = path, estimate.Sigma, sigma8 = estimate.Sigma * 255, estimate.PerChannel });
            },
            (path, error) => results.Add(new { file = path, error }));
        context.PrintJson(results);
        if (rows.Count > 1)
        {
            context.Print(rows);
            context.Suggest($"train {ShellWord.Of(context.Get(Files)[0])} --sigma {rows[1][1]} --budget 2m --out model.grainy");
        }

        return fine ? ExitCode.Ok : ExitCode.Failed;
    }

    private static string Units(double sigma) => (sigma * 255).ToString("F2", CultureInfo.InvariantCulture);
}
