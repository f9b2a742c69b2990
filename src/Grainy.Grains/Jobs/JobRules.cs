using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Denoising;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Training;
using Grainy.Core.Training;
using Grainy.Grains.Blending;
using Grainy.Grains.Datasets;
using Grainy.Grains.Jobs.Executors;

namespace Grainy.Grains.Jobs;

/// <summary>Checks a request before it is stored: numbers in range, images of the right workspace.</summary>
internal static class JobRules
{
    private const int MostImages = 60;

    public static async Task CheckAsync(IGrainFactory grains, JobSubmission submission)
    {
        switch (submission.Spec)
        {
            case TrainSpec train:
                Check(train);
                var images = await grains.RequireImagesAsync(submission.Workspace, train.Images);
                CheckChannels(images);
                CheckSizes(images);
                CheckPairs(train, images);
                break;
            case NoiseSpec noise:
                Require(noise.Images is { Length: >= 1 and <= MostImages }, $"The noise of 1 to {MostImages} images is measured together; choose at least one and not more than that.");
                CheckChannels(await grains.RequireImagesAsync(submission.Workspace, noise.Images));
                break;
            case DenoiseSpec denoise:
                Require(denoise.Images is { Length: >= 1 and <= DenoiseSpec.MostImages }, $"1 to {DenoiseSpec.MostImages} images are denoised together; choose at least one and not more than that.");
                Require(denoise.Images.Distinct().Count() == denoise.Images.Length, "An image is in the list twice; choose each image once.");
                await grains.RequireImagesAsync(submission.Workspace, denoise.Images);
                await RequireModelAsync(grains, submission.Workspace, denoise.Model);
                break;
            case ScoreSpec score:
                await grains.RequireImagesAsync(submission.Workspace, [score.Left, score.Right]);
                break;
            case MeasureSpec measure:
                Require(
                    measure.Images is { Length: >= 2 and <= ComparisonPairs.MostImages },
                    $"A comparison takes 2 to {ComparisonPairs.MostImages} images; choose a number in between.");
                await grains.RequireImagesAsync(submission.Workspace, measure.Images);
                break;
            case MapSpec map:
                await grains.RequireImagesAsync(submission.Workspace, [map.First, map.Second]);
                break;
            case BlendSpec blend:
                var blended = blend.Images ?? [blend.Left, blend.Right];
                BlendRules.Check(blend.Settings, blended.Length);
                await grains.RequireImagesAsync(submission.Workspace, blended);
                break;
            case AverageSpec average:
                BlendRules.Check(average);
                await grains.RequireImagesAsync(submission.Workspace, average.Images);
                break;
            case SampleSpec sample:
                await grains.RequireDatasetAsync(submission.Workspace, sample.Dataset);
                break;
            default:
                throw new RefusedException(Refusal.Invalid, "This kind of work is unknown to the server; update it and try again.");
        }
    }

    private static async Task RequireModelAsync(IGrainFactory grains, WorkspaceId workspace, ModelId? id)
    {
        if (id is not { } model)
        {
            return;
        }

        var info = await Caller.AsAsync(Caller.System, () => grains.Model(model).GetAsync());
        Require(info.Workspace == workspace, "This model does not exist in the workspace; choose another one.");
        Require(info.Weights is not null, $"'{info.Name}' is still in training; wait for its end, or choose another model.");
    }

    private static void Check(TrainSpec spec)
    {
        Require(spec.Images is { Length: >= 1 and <= MostImages }, $"A training takes 1 to {MostImages} images; choose at least one and not more than that.");
        Require(spec.Images.Distinct().Count() == spec.Images.Length, "An image is in the list twice; choose each image once.");
        Require(spec.BudgetSeconds is >= 5 and <= 86_400, "A training takes 5 seconds to 24 hours; choose a time in between.");
        Require(
            spec.NoiseSigma is null or (> 0 and <= 1),
            "The noise is a standard deviation above 0 and at most 1 on the scale of the image; change it or leave it to the estimate.");
        Require(spec.NoiseSigma is null || spec.Noise is null, "Give either the σ of Gaussian noise or a noise model, not both.");
        CheckSettings(spec);
        Require(
            !spec.StartFromBuiltIn || spec.Method == TrainingMethods.BlindSpot,
            $"The built-in denoiser is a blind-spot network, which '{spec.Method}' does not train; start from random weights.");
        Require(
            !spec.StartFromBuiltIn || TrainingPlan.Model(spec.Noise) is null or { IsKnown: true },
            "The built-in denoiser has no place for noise that is learned; give the noise, leave it to the estimate, or start from random weights.");
        Require(spec.HoldOut == 0 || spec.Method == TrainingMethods.BlindSpot, "Images are held out to measure the likelihood of their pixels, which only a blind-spot training knows; hold out none.");
        Require(spec.HoldOut >= 0 && spec.HoldOut < spec.Images.Length, "At least one image must be left to learn from; hold out fewer.");
        Require(spec.Scenes is null || spec.Scenes.Length == spec.Images.Length, "Each image needs the number of its scene; give as many numbers as images.");
        Require(!string.IsNullOrEmpty(spec.Model.Value), "A training needs an id for its model; start it again.");
    }

    // Core knows what its settings may be, and says so.
    private static void CheckSettings(TrainSpec spec)
    {
        try
        {
            TrainingPlan.Settings(spec with { StartFromBuiltIn = false }).Validated();
        }
        catch (ArgumentException problem)
        {
            throw new RefusedException(Refusal.Invalid, Sentences.Of(problem) ?? "These settings do not fit together; change them and start again.");
        }
    }

    private static void CheckSizes(ImageInfo[] images)
    {
        var small = Array.Find(images, image => Math.Min(image.Width, image.Height) < TrainingRun.SmallestSide);
        Require(
            small is null,
            $"'{small?.Name}' has {small?.Width} × {small?.Height} pixels, but training needs {TrainingRun.SmallestSide} × {TrainingRun.SmallestSide}; leave it out, or denoise it with "
            + "the built-in denoiser on the command line.");
    }

    private static void CheckChannels(ImageInfo[] images)
    {
        var other = Array.Find(images, image => image.Channels != images[0].Channels);
        Require(other is null, $"'{images[0].Name}' and '{other?.Name}' differ in colour (grey against RGB); train on images of one kind.");
    }

    // What can be told before pixels are read; the rest is refused when the work begins.
    private static void CheckPairs(TrainSpec spec, ImageInfo[] images)
    {
        if (spec.Method == TrainingMethods.Noise2Clean)
        {
            var bare = Array.Find(images, image => image.Reference is null);
            Require(bare is null, $"'{bare?.Name}' has no clean reference, which Noise2Clean needs; set one, or choose a method without references.");
        }

        if (spec.Method != TrainingMethods.Noise2Noise)
        {
            return;
        }

        foreach (var scene in images.Zip(spec.Scenes ?? new int[images.Length]).GroupBy(pair => pair.Second, pair => pair.First))
        {
            var first = scene.First();
            Require(
                scene.Skip(1).Any(), $"'{first.Name}' is the only exposure of its scene, but Noise2Noise learns from pairs; add another, or choose a method for single images.");
            var odd = scene.FirstOrDefault(image => (image.Width, image.Height, image.BitDepth, image.IsFloat) != (first.Width, first.Height, first.BitDepth, first.IsFloat));
            Require(odd is null, $"'{first.Name}' and '{odd?.Name}' differ in size or depth, so they are no exposures of one scene; choose images of one kind.");
        }
    }

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
        {
            throw new RefusedException(Refusal.Invalid, sentence);
        }
    }
}
