using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// A chain whose neighbours are about equally far apart in the metric. Where distance grows unevenly with the weight, frames of equal steps in weight leap in one place and hardly
/// move in another. So the chain is computed, the weights are read off its length, and the frames go on from where their new places lie between the old ones. It is done
/// again if that was not enough, and left as it was if that made nothing better.
/// </summary>
internal static class EvenChain
{
    private const int MostRounds = 2;
    private const int StepsPerRound = 60;

    // Distances are known to some percent.
    private const double EvenEnough = 0.9;

    /// <summary>Computes the frames; each is final only when all of them are.</summary>
    /// <param name="compute">Computes the frames of a chain by their weights, and their spacing at the end.</param>
    public static IEnumerable<BlendStep> Run(BlendOptions options, Func<BlendOptions, IEnumerable<BlendStep>> compute)
    {
        var byWeights = options with { Spacing = BlendOptions.ByWeights, Computed = new Dictionary<int, BlendResume>() };
        var chain = new Round(byWeights with { Known = options.Computed.ToDictionary(frame => frame.Key, frame => frame.Value.Picture) });
        chain.Take(options.Computed);
        foreach (var step in chain.Follow(compute))
        {
            yield return step;
        }

        var (before, last) = (chain.Spacing, chain.Last);
        for (var round = 0; round < MostRounds && chain.Spacing is { Evenness: < EvenEnough }; round++)
        {
            var resume = new Dictionary<int, BlendResume>();
            var moved = chain.MovedFrames();
            foreach (var target in moved.Where(target => target.Corner < 0))
            {
                resume[target.Index] = chain.Between(target);
                yield return last!;
            }

            var next = new Round(byWeights with { Frames = moved, Resume = resume, StepsPerFrame = resume.Values.Max(frame => frame.StepsDone) + StepsPerRound });
            foreach (var step in next.Follow(compute).Where(step => step.Stage != BlendStage.Given))
            {
                // A picture at another weight is no better stage of the one before.
                yield return step with { Picture = null };
            }

            if (next.Spacing!.Evenness <= chain.Spacing.Evenness)
            {
                break;
            }

            chain = next;
        }

        foreach (var step in chain.Finished)
        {
            yield return step;
        }

        if (last is not null)
        {
            yield return chain.Last! with { Spacing = chain.Spacing, SpacingBefore = before };
        }
    }

    /// <summary>The chain once: by some weights.</summary>
    private sealed class Round(BlendOptions options)
    {
        private readonly SortedDictionary<int, BlendStep> _frames = [];

        public BlendOptions Options => options;

        /// <summary>Null where nothing lies between the images.</summary>
        public BlendSpacing? Spacing { get; private set; }

        /// <summary>Where the last computed frame stands, without its picture; null where none is.</summary>
        public BlendStep? Last { get; private set; }

        /// <summary>Takes frames that were computed before; they count as the others, but are not told again.</summary>
        public void Take(IReadOnlyDictionary<int, BlendResume> computed)
        {
            foreach (var target in options.Frames.Where(target => computed.ContainsKey(target.Index)))
            {
                var (picture, steps) = computed[target.Index];
                _frames[target.Index] = BlendStep.Known(target, "", picture) with { StepsDone = steps };
            }
        }

        public IEnumerable<BlendStep> Finished => _frames.Values.Where(step => step.Stage == BlendStage.Final);

        public IEnumerable<BlendStep> Follow(Func<BlendOptions, IEnumerable<BlendStep>> compute)
        {
            foreach (var step in compute(options))
            {
                Spacing ??= step.Spacing;
                if (step is { FrameFinal: true, Picture: not null })
                {
                    _frames[step.Frame] = step;
                }

                Last = step.Stage == BlendStage.Given ? Last : step with { Picture = null, FrameFinal = false, Spacing = null };
                yield return step.Stage == BlendStage.Final ? step with { FrameFinal = false, Stage = BlendStage.Fine, Spacing = null } : step;
            }
        }

        public IReadOnlyList<BlendTarget> MovedFrames() =>
            [.. options.Frames.Zip(Spacing!.EvenWeights([.. options.Frames.Select(frame => frame.Weights[1])]), (frame, weight) => new BlendTarget(frame.Index, [1 - weight, weight]))];

        /// <summary>Where a frame of other weights begins: mixed from the two that it lies between, at the working size.</summary>
        public BlendResume Between(BlendTarget target)
        {
            var right = Math.Max(1, options.Frames.TakeWhile(frame => frame.Weights[1] < target.Weights[1]).Count());
            var (from, to) = (options.Frames[right - 1], options.Frames[right]);
            var share = (target.Weights[1] - from.Weights[1]) / (to.Weights[1] - from.Weights[1]);
            using var scope = NewDisposeScope();
            var pictures = cat([Working(from).ToTensor(), Working(to).ToTensor()], 0);
            var mix = LivelyMix.Of(pictures, [1 - share, share]).clamp(Arithmetic.Zero, Arithmetic.One).ToImage();
            return new BlendResume(mix, Math.Max(_frames[from.Index].StepsDone, _frames[to.Index].StepsDone));
        }

        private ImageBuffer Working(BlendTarget frame) => Resize.ToLongerSide(_frames[frame.Index].Picture!, Side(_frames[frame.Index].Picture!));

        private int Side(ImageBuffer picture) => Math.Min(options.WorkingSize ?? BlendOptions.UsualWorkingSize, Math.Max(picture.Width, picture.Height));
    }
}
