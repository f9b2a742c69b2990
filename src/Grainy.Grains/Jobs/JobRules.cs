using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Training;
using Grainy.Grains.Datasets;

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
                CheckChannels(await grains.RequireImagesAsync(submission.Workspace, train.Images));
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
                Check(blend.Settings);
                await grains.RequireImagesAsync(submission.Workspace, [blend.Left, blend.Right]);
                break;
            case SampleSpec sample:
                await grains.RequireDatasetAsync(submission.Workspace, sample.Dataset);
                break;
            default:
                throw new RefusedException(Refusal.Invalid, "This kind of work is unknown to the server; update it and try again.");
        }
    }

    public static void Check(BlendSettings settings)
    {
        Require(settings.Frames is >= 3 and <= 33, "A blend has 3 to 33 frames; choose a number in between.");
        Require(settings.Size is >= 64 and <= 1024, "The longer side of a blend is 64 to 1024 pixels; choose a number in between.");
        Require(settings.StepsPerFrame is >= 10 and <= 5000, "A frame takes 10 to 5,000 steps; choose a number in between.");
    }

    private static void Check(TrainSpec spec)
    {
        Require(spec.Images is { Length: >= 1 and <= MostImages }, $"A training takes 1 to {MostImages} images; choose at least one and not more than that.");
        Require(spec.Images.Distinct().Count() == spec.Images.Length, "An image is in the list twice; choose each image once.");
        Require(spec.BudgetSeconds is >= 5 and <= 86_400, "A training takes 5 seconds to 24 hours; choose a time in between.");
        Require(
            spec.NoiseSigma is null or (> 0 and <= 1),
            "The noise is a standard deviation above 0 and at most 1 on the scale of the image; change it or leave it to the estimate.");
        Require(spec.Preset is "compact" or "full", "The preset is 'compact' or 'full'; choose one of them.");
        Require(!string.IsNullOrEmpty(spec.Model.Value), "A training needs an id for its model; start it again.");
    }

    private static void CheckChannels(ImageInfo[] images)
    {
        var other = Array.Find(images, image => image.Channels != images[0].Channels);
        Require(other is null, $"'{images[0].Name}' and '{other?.Name}' differ in colour (grey against RGB); train on images of one kind.");
    }

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
        {
            throw new RefusedException(Refusal.Invalid, sentence);
        }
    }
}
