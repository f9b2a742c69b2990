using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Noise;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy noise</c>: what kind of noise images hold, and how to denoise them.</summary>
internal static class NoiseCommand
{
    // Of more files this many are read, evenly spaced: noise does not change from frame to frame, and ten thousand frames would take an hour.
    private const int MostFiles = 64;
    private const int MostPairs = 8;
    private const int MostNamed = 12;

    private static readonly Argument<string[]> Files = new("files") { Description = "Noisy images on one scale, all grey or all RGB", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Frames = Choice.Of(
        "--frames", null, "Whether neighbours in the list are exposures of one scene [default: found out]", "yes", "no");

    public static CliCommand Build() =>
        new CliCommand("noise", "Measure the noise in images and propose how to denoise them", "noise noisy.tif", "noise burst/*.tif --frames yes", "noise night/*.tif --json").With(Files, Frames).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var all = Pages(context.Get(Files));
        var chosen = Chosen(all);
        var measured = new List<(string Path, ImageNoise Noise)>();
        var frames = new List<(string First, string Second, FrameNoise Noise)>();
        var errors = new List<(string Path, string Error)>();
        (string Path, ImageBuffer Image)? before = null;
        bool fine;
        using (var progress = context.Progress())
        {
            var done = 0;
            fine = await Inputs.ForEachAsync(chosen, one => one.Name, MeasureAsync, (path, error) => errors.Add((path, error)));

            async Task MeasureAsync(FilePage one)
            {
                var path = one.Name;
                progress.Report((double)done++ / chosen.Length, path);
                var (image, facts) = Inputs.Read(one.Path, one.Page);
                if (measured is [var (firstPath, first), ..] && first.Channels.Count != image.Channels)
                {
                    throw new CommandFailedException($"{path} is {Colours(image.Channels)} but {firstPath} is {Colours(first.Channels.Count)}; measure grey and RGB images apart");
                }

                measured.Add((path, await MeasuredAsync(path, () => NoiseAnalysis.OfImage(image, facts.Format == "JPEG"))));
                if (before is { } last && frames.Count < MostPairs && context.Get(Frames) != "no" && NoiseAnalysis.CanCompare(last.Image, image))
                {
                    frames.Add((last.Path, path, await MeasuredAsync(path, () => NoiseAnalysis.OfFrames(last.Image, image))));
                }

                before = (path, image);
            }

            async Task<T> MeasuredAsync<T>(string path, Func<T> work)
            {
                try
                {
                    return await context.OnDeviceAsync(_ => work(), stop);
                }
                catch (ArgumentException error) // this image cannot be measured; the next one may
                {
                    throw new CommandFailedException($"{path}: {ErrorText.For(error)}", error);
                }
            }
        }

        if (context.Get(Frames) == "yes" && frames.Count == 0)
        {
            throw new CommandFailedException("--frames yes needs at least two readable images of one size, 32 × 32 pixels or more, next to each other in the list");
        }

        var report = measured.Count == 0 ? null : NoiseAnalysis.Conclude(
            [.. measured.Select(one => one.Noise)],
            [.. frames.Select(pair => pair.Noise)],
            all.Count,
            (long)(measured.Average(one => (double)one.Noise.Pixels) * all.Count),
            context.Get(Frames) is { } word ? word == "yes" : null);
        context.PrintJson(NoiseDocument.Of(all.Count, measured, frames, errors, report?.Proposal));
        if (report is not null)
        {
            NoiseText.Print(context, all.Count, measured, frames, report.Proposal);
            Suggest(context, [.. all.Select(one => one.Path).Distinct()], measured[0].Noise, report.Proposal);
        }

        return fine ? ExitCode.Ok : ExitCode.Failed;
    }

    // Each page of a stack is an image. So many files are no stacks, and opening each of them twice would take minutes.
    private static List<FilePage> Pages(string[] paths) => paths.Length > MostFiles
        ? [.. paths.Select(path => new FilePage(path, 0, 1))]
        : [.. paths.Select(path => (Path: path, Pages: Inputs.Pages(path))).SelectMany(file => Enumerable.Range(0, file.Pages).Select(page => new FilePage(file.Path, page, file.Pages)))];

    private static FilePage[] Chosen(List<FilePage> all) => all.Count <= MostFiles
        ? [.. all]
        : [.. Enumerable.Range(0, MostFiles).Select(i => all[(int)((long)i * (all.Count - 1) / (MostFiles - 1))])];

    private static string Colours(int channels) => channels == 1 ? "grey" : "RGB";

    private static void Suggest(CommandContext context, string[] paths, ImageNoise noise, NoiseProposal proposal)
    {
        if (proposal.Verdict != NoiseVerdict.Stop)
        {
            FormattableString model = (proposal.Method, proposal.Model) switch
            {
                ("blind-spot", NoiseModel.Gaussian) => $" --sigma {noise.OverallSigma * 255:F2}",
                ("blind-spot", NoiseModel.Poisson { Lambda: { } lambda }) => $" --noise poisson:{lambda:G4}",
                ("blind-spot", NoiseModel.Affine { A: { } gain, B: { } offset }) => $" --noise affine:{gain:G4},{offset:G4}",
                ("blind-spot", NoiseModel.Impulse { Alpha: { } share }) => $" --noise impulse:{share:G3}",
                _ => $"",
            };
            var hidden = proposal.Method == "blind-spot" && proposal.Hole > 0 ? $" --hole {proposal.Hole}"
                : proposal.Method == "noise2void" && proposal.Structure != "none" ? $" --mask-structure {proposal.Structure}" : "";
            context.Suggest($"train {(paths.Length <= MostNamed ? string.Join(' ', paths.Select(ShellWord.Of)) : "FILES")} --method {proposal.Method}{model.ToString(CultureInfo.InvariantCulture)}{hidden} --budget 2m --out model.grainy");
        }
    }
}
