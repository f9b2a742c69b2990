using System.Globalization;
using Grainy.Core.Noise;
using Grainy.Core.Training;

namespace Grainy.Cli.Noise;

/// <summary>An analysis of noise for people.</summary>
internal static class NoiseText
{
    public static void Print(
        CommandContext context,
        int files,
        IReadOnlyList<(string Path, ImageNoise Noise)> measured,
        IReadOnlyList<(string First, string Second, FrameNoise Noise)> frames,
        NoiseProposal proposal)
    {
        context.Print([
            ["file", "sigma (0..255)", "sigma (0..1)", "high-pass", "wavelet", "patches", "variance = a·x + b", "neighbours", "impulses", "clipped"],
            .. measured.Select(one => Row(one.Path, one.Noise)),
        ]);
        foreach (var (first, second, noise) in frames)
        {
            context.Print(string.Create(
                CultureInfo.InvariantCulture,
                $"{first} and {second}: {(noise.IsOneScene ? "one scene" : "not one scene, or too little structure to tell")}; sigma of the difference {noise.Sigma * 255:F2} (0..255), shift {noise.Alignment.Shift:F2} px"));
        }

        if (files > measured.Count)
        {
            context.Print($"{measured.Count} of {files} files were measured.");
        }

        context.Print("");
        context.Print($"{Words(proposal.Verdict)}: {proposal.Reason}");
        if (proposal.Verdict != NoiseVerdict.Stop)
        {
            var hole = proposal.Hole > 0 ? $", hiding {proposal.Hole} px around each pixel" : "";
            context.Print($"Method {proposal.Method}{(proposal.Method == TrainingMethods.Noise2Void ? $" with {proposal.Structure} masks" : hole)}, preset {proposal.Preset}; {proposal.Model?.ToString() ?? "no noise model fits"}.");
        }

        foreach (var warning in proposal.Warnings)
        {
            context.Print($"- {warning.Text}");
        }
    }

    private static string[] Row(string path, ImageNoise noise) =>
    [
        path,
        Units(noise.OverallSigma),
        noise.OverallSigma.ToString("F5", CultureInfo.InvariantCulture),
        Units(noise.Channels.Select(channel => (double?)channel.HighPass)),
        Units(noise.Channels.Select(channel => (double?)channel.Wavelet)),
        Units(noise.Channels.Select(channel => channel.Patches)),
        noise.Curve is { } curve ? string.Create(CultureInfo.InvariantCulture, $"({curve.A:G2} ± {curve.AError:G1})·x {(curve.B < 0 ? "−" : "+")} {Math.Abs(curve.B):G2}") : "-",
        noise.Autocorrelation is { } correlation
            ? string.Create(CultureInfo.InvariantCulture, $"{(correlation.IsCorrelated ? "correlated" : "independent")} ({correlation.Strongest.Value:F2})") : "-",
        noise.Impulses?.ToString("P2", CultureInfo.InvariantCulture) ?? "-",
        string.Create(CultureInfo.InvariantCulture, $"{noise.Spread.AtLowest:P1} + {noise.Spread.AtHighest:P1}"),
    ];

    private static string Words(NoiseVerdict verdict) => verdict switch
    {
        NoiseVerdict.Go => "Go",
        NoiseVerdict.Caution => "Go, with care",
        _ => "Stop",
    };

    private static string Units(double sigma) => (sigma * 255).ToString("F2", CultureInfo.InvariantCulture);

    // Root mean square over the channels.
    private static string Units(IEnumerable<double?> sigmas) =>
        sigmas.OfType<double>().ToArray() is { Length: > 0 } known ? Units(Math.Sqrt(known.Average(sigma => sigma * sigma))) : "-";
}
