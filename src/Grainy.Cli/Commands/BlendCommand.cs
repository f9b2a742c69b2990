using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Blending;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy blend</c>: pictures between two images, each the one with the least perceptual distance to both.</summary>
internal static class BlendCommand
{
    private static readonly Argument<string> First = new("a") { Description = "The image at the start" };
    private static readonly Argument<string> Second = new("b") { Description = "The image at the end, of the same size" };
    private static readonly Option<int> Steps = Checked.Integer("--steps", 9, 3, 33, "Pictures in the chain, both ends included");
    private static readonly Option<int> Size = Checked.Integer("--size", 256, 64, 1024, "Longer side of the pictures in pixels");
    private static readonly Option<int> Iterations = Checked.Integer("--iterations", 150, 10, 5000, "Optimisation steps per picture");
    private static readonly Option<ulong> Seed = Checked.Seed();
    private static readonly Option<string> Out = new("--out", "-o") { Description = "Folder for the pictures", HelpName = "folder", Required = true };
    private static readonly Option<string?> Format = ImageFormats.Option("png16");

    public static CliCommand Build() =>
        new CliCommand("blend", "Compute the pictures between two images along the perceptual metric", "blend cat.png dog.png --steps 9 --size 256 --out between")
            .With(First, Second, Steps, Size, Iterations, Seed, Out, Format).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var (a, b) = (Inputs.Read(context.Get(First)).Image, Inputs.Read(context.Get(Second)).Image);
        var (folder, format) = (context.Get(Out), context.Get(Format) ?? "png16");
        var options = new BlendOptions { Frames = BlendLattice.Line(context.Get(Steps)), Size = context.Get(Size), StepsPerFrame = context.Get(Iterations), Seed = context.Get(Seed) };
        var frames = new SortedDictionary<int, object>();
        var shares = new double[options.Frames.Count];
        using (var progress = context.Progress())
        {
            await context.OnDeviceAsync(token => PerceptualBlend.Run([a, b], options, context.Weights, token), Take, stop);

            void Take(BlendStep step)
            {
                shares[step.Frame] = step.FrameFinal ? 1 : (double)step.StepsDone / step.StepsTotal;
                progress.Report(shares.Average(), string.Create(CultureInfo.InvariantCulture, $"picture {step.Frame + 1} of {options.Frames.Count}, energy {step.Energy:G4}"));
                if (step is { FrameFinal: true, Picture: { } picture })
                {
                    var file = Path.Combine(folder, $"frame-{step.Frame:00}{ImageFormats.Ending(format)}");
                    OutputFile.Write(file, stream => ImageFormats.Write(format, picture, stream));
                    frames[step.Frame] = new { index = step.Frame, weight = step.Weights[^1], step.Energy, step.MixEnergy, step.Metric, file };
                }
            }
        }

        context.PrintJson(frames.Values);
        context.Print($"{frames.Count} pictures in {folder}");
        return ExitCode.Ok;
    }
}
