using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>What all frames of one blend share.</summary>
internal sealed class BlendContext : IDisposable
{
    private readonly BlendSampler[] _samplers;

    /// <param name="images">Of the blend's full size.</param>
    /// <param name="options">Validated.</param>
    /// <param name="metric">A name that can be used.</param>
    /// <param name="weights">Where its weights are.</param>
    public BlendContext(IReadOnlyList<ImageBuffer> images, BlendOptions options, string metric, WeightStore weights)
    {
        (Options, Metric) = (options, metric);
        Distance = BlendDistance.Load(metric, weights);
        Inputs = new BlendInputs(images, options.WorkingSize ?? BlendOptions.UsualWorkingSize, Distance.SmallestSide);
        Energy = new BlendEnergy(Distance, Scales(0), options.Seed);
        Starts = new BlendStarts(Inputs);
        Caution = Starts.Caution();
        _samplers = [.. Inputs.Sizes.Select((_, level) => new BlendSampler(Distance.IsEnsemble, Scales(level), options.Seed, options.Reference))];
    }

    public BlendOptions Options { get; }

    public string Metric { get; }

    public BlendDistance Distance { get; }

    public BlendInputs Inputs { get; }

    /// <summary>At the working size.</summary>
    public BlendEnergy Energy { get; }

    /// <summary>Where frames begin.</summary>
    public BlendStarts Starts { get; }

    /// <summary>See <see cref="BlendStarts.Caution"/>.</summary>
    public double Caution { get; }

    /// <summary>Images that a step compares with, taken in turns; null: all of them. Only for equal weights.</summary>
    public int? Minibatch { get; init; }

    /// <summary>What the pictures of a step are compared with; the caller disposes it.</summary>
    /// <param name="level">Whose images.</param>
    /// <param name="step">Its number: it alone decides on the draw, so that a frame does not depend on which others are computed.</param>
    /// <param name="share">Weight of each reference where a part of the images was taken; null for all with the frame's own weights.</param>
    public BlendReferences References(int level, int step, out double[]? share)
    {
        using var scope = NewDisposeScope();
        var (images, draw, count) = (Inputs.At(level), _samplers[level].Draw(step), Inputs.Full.Count);
        share = null;
        if (Minibatch is { } most && most < count)
        {
            share = [.. Enumerable.Repeat(1.0 / most, most)];
            images = images.index_select(0, tensor(Enumerable.Range(0, most).Select(i => Turn((step * most) + i, count)).ToArray()));
        }

        return Distance.Take(images, draw);
    }

    /// <summary>A start at a level with what a picture of a coarser level has over that start there; the caller owns it.</summary>
    /// <param name="picture"><c>[1, 3, h, w]</c> of level <paramref name="from"/>; borrowed.</param>
    /// <param name="start">Kind of start, see <see cref="BlendStarts"/>.</param>
    public Tensor Lift(Tensor picture, int from, int to, int start, IReadOnlyList<double> weights)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (height, width) = Inputs.Sizes[to];
        // The tensor library rounds differently with another number of threads.
        var gain = Resize.To((picture - Starts.Of(start, from, weights)).ToImage(), width, height).ToTensor();
        return Starts.Of(start, to, weights).Plus(gain).clamp(Arithmetic.Zero, Arithmetic.One).MoveToOuterDisposeScope();
    }

    /// <summary>A picture of level 0 at the blend's full size.</summary>
    public ImageBuffer Show(Tensor picture, IReadOnlyList<double> weights)
    {
        var working = picture.ToImage();
        return Inputs.IsReduced ? DetailTransfer.Enlarge(working, Inputs.Full, weights) : working;
    }

    /// <summary>Other pictures to compare with, under the draw of a step; the caller disposes the references.</summary>
    /// <param name="pictures"><c>[M, 3, h, w]</c> of the level; borrowed.</param>
    public BlendReferences Against(Tensor pictures, int level, int step) => Distance.Take(pictures, _samplers[level].Draw(step));

    /// <summary>A picture of any size at the working size, <c>[1, 3, h, w]</c>; the caller owns it.</summary>
    public Tensor Working(ImageBuffer picture) => Scaled(picture, 0);

    /// <summary>A picture of any size at that of a level, <c>[1, 3, h, w]</c>; the caller owns it.</summary>
    public Tensor Scaled(ImageBuffer picture, int level) => Resize.To(picture, Inputs.Sizes[level].Width, Inputs.Sizes[level].Height).ToTensor();

    /// <summary>What is told of a frame.</summary>
    public BlendStep Report(BlendFrame frame, BlendStage stage, ImageBuffer? picture) => new()
    {
        Frame = frame.Target.Index,
        Weights = frame.Target.Weights,
        StepsDone = frame.StepsDone,
        StepsTotal = Options.StepsPerFrame,
        Energy = frame.Energy.Energy,
        EnergyError = frame.Energy.Error,
        MixEnergy = frame.MixEnergy,
        Metric = Metric,
        Stage = stage,
        Picture = picture,
        WorkingSize = Inputs.LongerSide(frame.BestLevel),
        DetailTransferred = picture is not null && Inputs.IsReduced,
        FrameFinal = stage == BlendStage.Final,
    };

    /// <summary>Frees the distance, the images and what is kept of them.</summary>
    public void Dispose()
    {
        Energy.Dispose();
        Inputs.Dispose();
        Distance.Dispose();
    }

    // Every round takes each image once, in an order of its own.
    private long Turn(int number, int count)
    {
        var (round, place) = Math.DivRem(number, count);
        return ELpipsSampler.Shuffled([.. Enumerable.Range(0, count)], new RandomStream(new SeedSequence(Options.Seed).Derive("blend turns", round)))[place];
    }

    private int Scales(int level)
    {
        var (height, width) = Inputs.Sizes[level];
        return Options.Scales is { } scales ? Math.Max(1, scales >> level) : Options.Reference ? 1 : ELpipsSampler.Scales(height, width);
    }
}
