using System.Globalization;
using Grainy.Cli.Output;
using Grainy.Core.Blending;
using Grainy.Core.Images;

namespace Grainy.Cli.Blending;

/// <summary>Computes the frames of a blend, writes each when it is final, and reports their energies and spacing.</summary>
internal static class BlendRun
{
    public static async Task<int> RunAsync(BlendOutput output, IReadOnlyList<ImageBuffer> images, BlendOptions options, AnimationFormat? animation, CancellationToken stop)
    {
        var context = output.Context;
        var (frames, pictures, shares) = (new SortedDictionary<int, BlendStep>(), new SortedDictionary<int, ImageBuffer>(), new Dictionary<int, double>());
        var files = new Dictionary<int, string>();
        BlendSpacing? spacing = null, before = null;
        using (var progress = context.Progress())
        {
            await context.OnDeviceAsync(token => PerceptualBlend.Run(images, options, output.Weights, token), Take, stop);

            void Take(BlendStep step)
            {
                (spacing, before) = (step.Spacing ?? spacing, step.SpacingBefore ?? before);
                shares[step.Frame] = Math.Max(shares.GetValueOrDefault(step.Frame), step.FrameFinal ? 1 : (double)step.StepsDone / Math.Max(1, step.StepsTotal));
                progress.Report(
                    shares.Values.Sum() / options.Frames.Count,
                    string.Create(CultureInfo.InvariantCulture, $"picture {step.Frame + 1} of {options.Frames.Count}, energy {step.Energy:G4}"));
                if (step is { FrameFinal: true, Picture: { } picture })
                {
                    files[step.Frame] = output.Write($"frame-{step.Frame:00}", picture);
                    frames[step.Frame] = step with { Picture = null };
                    if (animation is not null)
                    {
                        pictures[step.Frame] = picture;
                    }
                }
            }
        }

        var film = animation is { } format && pictures.Count > 1 ? Film(output, format, [.. pictures.Values]) : null;
        context.PrintJson(new
        {
            inputs = output.Inputs,
            preparation = output.Preparation,
            metric = frames.Values.First().Metric,
            path = options.Path,
            options.Seed,
            energyOf = OfPath(options) ? "the path: sum of squared distances between neighbours" : "the picture: sum of weights times squared distances to the images",
            procedure = options.Reference ? "published" : "fast",
            frames = frames.Values.Select(step => Row(step, files[step.Frame])),
            spacing = spacing is null ? null : Row(spacing),
            spacingBefore = before is null ? null : Row(before),
            animation = film,
        });
        context.Print([["picture", "weights", OfPath(options) ? "energy of the path" : "energy", "±", "pixel mix", "steps", "file"], .. frames.Values.Select(step => Line(step, files[step.Frame]))]);
        if (spacing is not null)
        {
            context.Print($"Distances between neighbours: {Line(spacing)}");
            if (before is not null)
            {
                context.Print($"{(options.Path == "geodesic" ? "Those of the pixel mixes" : "By equal steps of the weight")}: {Line(before)}");
            }
        }

        if (frames.Values.FirstOrDefault(step => step.DetailTransferred) is { } reduced)
        {
            context.Print($"Optimised at {reduced.WorkingSize} pixels; finer detail is taken over from the images.");
        }

        return ExitCode.Ok;
    }

    private static bool OfPath(BlendOptions options) => options.Path == "geodesic";

    private static string Film(BlendOutput output, AnimationFormat format, ImageBuffer[] pictures)
    {
        var file = Path.Combine(output.Folder, "blend" + BlendAnimation.Extension(format));
        try
        {
            OutputFile.Write(file, stream => BlendAnimation.Write(pictures, format, stream));
        }
        catch (InvalidOperationException error)
        {
            throw new CommandFailedException(error.Message, error);
        }

        return file;
    }

    private static object Row(BlendStep step, string file) => new
    {
        index = step.Frame,
        step.Weights,
        step.Energy,
        step.EnergyError,
        step.MixEnergy,
        step.Metric,
        stage = step.Stage == BlendStage.Given ? "given" : "final",
        step.StepsDone,
        workingSize = step.WorkingSize,
        detailTransferred = step.DetailTransferred,
        file,
    };

    private static object Row(BlendSpacing spacing) => new
    {
        spacing.Distances,
        spacing.Errors,
        spacing.Evenness,
        spacing.Places,
        spacing.Straight,
        spacing.PathEnergy,
    };

    private static string Line(BlendSpacing spacing) => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(", ", spacing.Distances.Select(distance => distance.ToString("G3", CultureInfo.InvariantCulture)))}; evenness {spacing.Evenness:F2}");

    private static string[] Line(BlendStep step, string file)
    {
        var numbers = CultureInfo.InvariantCulture;
        return
        [
            step.Frame.ToString(numbers), string.Join(' ', step.Weights.Select(weight => weight.ToString("0.###", numbers))),
            step.Stage == BlendStage.Given ? "" : step.Energy.ToString("G4", numbers), step.Stage == BlendStage.Given ? "" : step.EnergyError.ToString("G2", numbers),
            step.Stage == BlendStage.Given ? "" : step.MixEnergy.ToString("G4", numbers), step.StepsDone.ToString(numbers), file,
        ];
    }
}
