using Grainy.Contracts.Blending;

namespace Grainy.Grains.Blending;

/// <summary>What a blend can be asked for.</summary>
internal static class BlendRules
{
    private const int MostSteps = 20_000;

    public static void Check(BlendPlan plan)
    {
        Require(
            plan.Images is { Length: >= BlendTargets.FewestImages and <= BlendTargets.MostImages },
            $"A blend takes {BlendTargets.FewestImages} to {BlendTargets.MostImages} images; choose a number in between.");
        Require(plan.Images.Distinct().Count() == plan.Images.Length, "An image is in the list twice; choose each image once.");
        Require(Enum.IsDefined(plan.Fitting), "This way to make images fit is unknown; choose none, crop, fit or align.");
        Check(plan.Settings, plan.Images.Length);
    }

    public static void Check(AverageSpec spec)
    {
        Require(spec.Images is { Length: >= 2 and <= AverageSpec.MostImages }, $"An average takes 2 to {AverageSpec.MostImages} exposures; choose a number in between.");
        Require(spec.Images.Distinct().Count() == spec.Images.Length, "An image is in the list twice; choose each image once.");
        Require(Enum.IsDefined(spec.Settings.Fitting), "This way to make images fit is unknown; choose none, crop, fit or align.");
        Require(spec.Settings.Size is >= 64 and <= 2048, "The longer side of an average is 64 to 2048 pixels; choose a number in between.");
        Require(spec.Settings.Steps is >= 10 and <= MostSteps, $"An average takes 10 to {MostSteps:N0} steps; choose a number in between.");
    }

    public static void Check(BlendSettings settings, int images)
    {
        Require(images > 2 || settings.Frames is >= 3 and <= 33, "A blend has 3 to 33 frames; choose a number in between.");
        var most = images == 4 ? 4 : 6;
        var divisible = images == 2 || (settings.Divisions >= 2 && settings.Divisions <= most);
        Require(divisible, $"Each edge between the images is divided into 2 to {most} parts; choose a number in between.");
        Require(settings.Size is >= 64 and <= 2048, "The longer side of a blend is 64 to 2048 pixels; choose a number in between.");
        Require(settings.StepsPerFrame is >= 10 and <= MostSteps, $"A frame takes 10 to {MostSteps:N0} steps; choose a number in between.");
        Require(Enum.IsDefined(settings.Path), "This path is unknown; choose chain or geodesic.");
        var possible = settings.Path == BlendPath.Chain || !settings.Reference;
        Require(possible, "The published procedure makes averages, no geodesics; choose a chain, or the fast procedure.");
        Require(Enum.IsDefined(settings.Spacing), "This spacing is unknown; choose weights or even.");
        var even = settings.Spacing == FrameSpacing.Weights || settings.Path == BlendPath.Geodesic || BlendTargets.CanBeSpacedEvenly(images, settings);
        Require(even, settings is { Reference: false } && images == 2
            ? "So many frames of this size cannot be spaced evenly; choose fewer or smaller ones, or spacing by weight."
            : "Frames are spaced evenly between two images by the fast procedure only; choose spacing by weight.");
        Require(settings.Path == BlendPath.Chain || images == 2, "A geodesic runs between two images; choose two, or a chain of barycentres.");
    }

    /// <summary>The frames of a new blend: the regular ones, and the middle of more than two images, where everybody looks first.</summary>
    public static BlendTarget[] Begin(int images, BlendSettings settings)
    {
        var targets = BlendTargets.Of(images, settings);
        double[] middle = [.. Enumerable.Repeat(1.0 / images, images)];
        return images == 2 || targets.At(middle) is not null ? targets : [.. targets, new BlendTarget(targets.Length, middle, Wished: true)];
    }

    /// <summary>Weights of a place between the images of a blend.</summary>
    public static double[] Place(BlendRecord blend, double[] weights) => BlendTargets.Normalised(weights, blend.Images.Length)
        ?? throw new RefusedException(
            Refusal.Invalid, $"A place between {blend.Images.Length} images has {blend.Images.Length} weights from 0, not all of them 0; correct the weights.");

    /// <summary>The targets with more steps for one frame or for all.</summary>
    public static BlendTarget[] Extended(BlendRecord blend, int? frame, int steps)
    {
        Require(steps is >= 10 and <= 5000, "A frame takes 10 to 5,000 more steps; choose a number in between.");
        Require(frame is null || Array.Exists(blend.Targets, target => target.Index == frame), "This blend has no such frame (any more); reload the page.");
        Require(frame is null || blend.Settings.Path == BlendPath.Chain, "The frames of a geodesic depend on each other; give all of them more steps.");
        return [.. blend.Targets.Select(target => frame is null || target.Index == frame ? target with { Steps = More(blend, target, steps) } : target)];
    }

    /// <summary>The frame at a place, and the targets when they had to change for it.</summary>
    public static (int Index, BlendTarget[]? Changed) Wished(BlendRecord blend, double[] place)
    {
        if (blend.Targets.At(place) is { } there)
        {
            return (there.Index, null);
        }

        Require(blend.Settings.Path == BlendPath.Chain, "A geodesic has its frames at fixed places; choose a chain for frames at any place.");
        var index = blend.Targets.Max(target => target.Index) + 1;
        var wished = blend.Targets.Where(target => target.Wished).ToArray();
        var oldest = wished.Length < BlendTargets.MostWishes ? null : wished[0]; // it makes room
        return (index, [.. blend.Targets.Where(target => target != oldest), new BlendTarget(index, place, Wished: true)]);
    }

    private static int More(BlendRecord blend, BlendTarget target, int steps)
    {
        var before = target.Steps == 0 ? blend.Settings.StepsPerFrame : target.Steps;
        Require(before < MostSteps, $"A frame takes at most {MostSteps:N0} steps, which it has had; make a new blend with other settings.");
        return Math.Min(MostSteps, before + steps);
    }

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
        {
            throw new RefusedException(Refusal.Invalid, sentence);
        }
    }
}
