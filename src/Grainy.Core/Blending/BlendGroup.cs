using System.Diagnostics;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// Frames of a chain that are computed together: the images are compared once per step for all of them. Each frame goes through the network by itself, so that it does not
/// depend on its company.
/// </summary>
internal sealed class BlendGroup(BlendContext context, IReadOnlyList<BlendTarget> targets) : IDisposable
{
    private const int WarmUp = 10;
    private const int StepsPerStage = 40;
    private const double FineRate = 0.006;
    private static readonly (int Steps, double Rate)[] Coarse = [(0, 0), (60, 0.008), (40, 0.012)];
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(150);

    private readonly BlendFrame[] _frames = [.. targets.Select(target => new BlendFrame(target))];

    /// <summary>Computes the frames. Whoever has a step with a picture may leave the rest for later.</summary>
    public IEnumerable<BlendStep> Run(CancellationToken ct)
    {
        foreach (var step in Judge([.. _frames.Select(frame => context.Inputs.Mix(0, frame.Target.Weights))], ct))
        {
            yield return step;
        }

        foreach (var frame in _frames)
        {
            frame.MixEnergy = frame.Energy.Energy;
        }

        for (var level = context.Inputs.Sizes.Count - 1; level > 0; level--)
        {
            foreach (var step in Level(level, Coarse[level].Steps, Coarse[level].Rate, BlendStage.Coarse, ct))
            {
                yield return step;
            }
        }

        var steps = Math.Max(10, context.Options.StepsPerFrame - _frames[0].StepsDone);
        foreach (var step in Level(0, steps, FineRate, BlendStage.Fine, ct))
        {
            yield return step;
        }
    }

    /// <summary>Frees the frames.</summary>
    public void Dispose()
    {
        foreach (var frame in _frames)
        {
            frame.Dispose();
        }
    }

    private IEnumerable<BlendStep> Level(int level, int steps, double rate, BlendStage stage, CancellationToken ct)
    {
        Begin(level);
        for (var done = 0; done < steps;)
        {
            var until = Math.Min(steps, done + StepsPerStage);
            while (done < until)
            {
                var start = Stopwatch.GetTimestamp();
                do
                {
                    ct.ThrowIfCancellationRequested();
                    Step(level, rate * Math.Min(1, (done + 1.0) / WarmUp) * Math.Sqrt(1 - ((double)done / steps)));
                    done++;
                }
                while (done < until && Stopwatch.GetElapsedTime(start) < Slice);
                foreach (var frame in _frames)
                {
                    yield return Report(frame, stage, picture: false);
                }
            }

            if (level == 0 || done == steps)
            {
                foreach (var step in Judge([.. _frames.Select(frame => Lifted(frame, level))], ct))
                {
                    yield return step;
                }

                foreach (var frame in _frames)
                {
                    yield return Report(frame, level == 0 && done == steps ? BlendStage.Final : stage, picture: true);
                }
            }
        }
    }

    private void Begin(int level)
    {
        foreach (var frame in _frames)
        {
            using var scope = NewDisposeScope();
            var before = frame.Optimizer is { } coarser ? context.Lift(coarser.Picture.detach(), level + 1, level, frame.Target.Weights) : context.Inputs.Mix(level, frame.Target.Weights);
            frame.Begin(before, published: false);
        }
    }

    private void Step(int level, double rate)
    {
        using var scope = NewDisposeScope();
        using var references = context.Distance.Take(context.Inputs.At(level), context.Sampler(level).Draw(_frames[0].StepsDone));
        foreach (var frame in _frames)
        {
            frame.Optimizer!.Descend(references, frame.Target.Weights);
            frame.Optimizer.Step(rate);
            frame.StepsDone++;
        }
    }

    private Tensor Lifted(BlendFrame frame, int level)
    {
        using var scope = NewDisposeScope();
        var picture = frame.Optimizer!.Picture.detach();
        return (level == 0 ? picture : context.Lift(picture, level, 0, frame.Target.Weights)).MoveToOuterDisposeScope();
    }

    // Measures pictures of the working size, frees them, and keeps those that are better than before.
    private IEnumerable<BlendStep> Judge(Tensor[] pictures, CancellationToken ct)
    {
        foreach (var picture in pictures)
        {
            picture.DetachFromDisposeScope();
        }

        try
        {
            var values = new (double Energy, double Error)[pictures.Length];
            foreach (var _ in context.Energy.Measure(context.Inputs.At(0), pictures, [.. _frames.Select(frame => frame.Target.Weights)], values))
            {
                ct.ThrowIfCancellationRequested();
                yield return Report(_frames[0], BlendStage.Start, picture: false);
            }

            for (var i = 0; i < pictures.Length; i++)
            {
                _frames[i].Offer(pictures[i], 0, values[i]);
            }
        }
        finally
        {
            foreach (var picture in pictures)
            {
                picture.Dispose();
            }
        }
    }

    private BlendStep Report(BlendFrame frame, BlendStage stage, bool picture) => new()
    {
        Frame = frame.Target.Index,
        Weights = frame.Target.Weights,
        StepsDone = frame.StepsDone,
        StepsTotal = context.Options.StepsPerFrame,
        Energy = frame.Energy.Energy,
        EnergyError = frame.Energy.Error,
        MixEnergy = frame.MixEnergy,
        Metric = context.Metric,
        Stage = stage,
        Picture = picture ? context.Show(frame.Best!, frame.Target.Weights) : null,
        WorkingSize = context.Inputs.LongerSide(frame.BestLevel),
        DetailTransferred = picture && context.Inputs.IsReduced,
        FrameFinal = stage == BlendStage.Final,
    };
}
