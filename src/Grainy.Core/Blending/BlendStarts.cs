using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>Where a frame can begin: at the mixes, or at one of the images. Which one is nearest to all images, the metric says.</summary>
internal sealed class BlendStarts(BlendInputs inputs)
{
    /// <summary>The pixel mix.</summary>
    public const int Plain = -3;

    /// <summary>The lively mix.</summary>
    public const int Mix = -1;

    // An image of its own is no mixture: frames near it would jump from one image to the next. It counts where all mixes are far worse.
    private const double Clearly = 0.6;

    /// <summary>The mix of images that were moved over each other.</summary>
    public const int Registered = -2;

    // The root mean squared difference of images, in [0, 1], for which the usual rate is right.
    private const double UsualDifference = 0.2;

    private readonly Lazy<RegisteredMix?> _registered = new(() => RegisteredMix.Find(inputs));

    /// <summary>
    /// What is worth trying for a frame besides the pixel mix; images are given by their numbers. Each is taken if its energy is below that share of the best so far.
    /// </summary>
    public IEnumerable<(int Kind, double Share)> Candidates(IReadOnlyList<double> weights)
    {
        yield return (Mix, 1);
        // Under any metric an image is the farther the less it weighs.
        yield return _registered.Value is not null ? (Registered, 1) : (Enumerable.Range(0, weights.Count).MaxBy(image => weights[image]), Clearly);
    }

    /// <summary>A start at a level; the caller owns it, <c>[1, 3, h, w]</c>.</summary>
    public Tensor Of(int kind, int level, IReadOnlyList<double> weights) => kind switch
    {
        Plain => inputs.Mix(level, weights),
        Mix => LivelyMix.Of(inputs.At(level), weights),
        Registered => _registered.Value!.Of(level, weights),
        _ => inputs.At(level).narrow(0, kind, 1),
    };

    /// <summary>
    /// What the usual rate of steps is multiplied with, in (0, 1]: pictures between images that hardly differ are found by smaller steps. The same for all frames.
    /// </summary>
    public double Caution()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var images = inputs.At(0);
        // Added up in one order, whatever the number of threads.
        var difference = Math.Sqrt(images.var(0, unbiased: true).contiguous().data<float>().Average(value => (double)value) * 2);
        return Math.Clamp(difference / UsualDifference, 0.02, 1);
    }
}
