using System.Diagnostics;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// Frames that are computed together: in each step the images go through the network once for all of them. Each frame goes through it by itself, so that it does not depend on
/// its company.
/// </summary>
/// <remarks>
/// From the lively mix through reduced resolutions to the working size, in small steps: measured on the cat and the dog, this reaches in 100 steps less than what the published
/// schedule (0.03, from noise) has not reached after 1,000, and without its coloured speckle. No dropout: it would only add noise to the gradient. Half of the rate that is best
/// for the first 50 steps, and the mean of the latest pictures instead of the last one: 0.00196 after 120 steps and 0.00182 after 480, where twice the rate without the
/// mean has 0.00197 and 0.00191 after 120 and 240.
/// </remarks>
internal sealed class BlendGroup(BlendContext context, IReadOnlyList<BlendTarget> targets) : IDisposable
{
    private const double Rate = 0.004;
    private const int CoarseSteps = 40;
    private const int FirstStage = 20;
    private const int Stage = 40;

    // A stage that lowers the energy by less than this share is a stall; so many of them in a row end a frame.
    private const double WorthWhile = 0.002;
    private const int MostStalls = 2;
    private const double MuchWorse = 1.1;
    private const double LeastCaution = 1.0 / 64;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(150);

    private readonly BlendFrame[] _frames = [.. targets.Select(target => new BlendFrame(target))];
    private int _steps;

    private IEnumerable<BlendFrame> Open => _frames.Where(frame => !frame.Done);

    /// <summary>Computes the frames. Between a step with a picture and the next one, the rest may be left for later.</summary>
    public IEnumerable<BlendStep> Run(CancellationToken ct)
    {
        // The mix is measured first, for comparison, then where the frames begin.
        foreach (var step in Judge(frame => context.Inputs.Mix(0, frame.Target.Weights), 0, BlendStage.Start, ct))
        {
            yield return step;
        }

        foreach (var frame in _frames)
        {
            frame.MixEnergy = frame.Energy.Energy;
        }

        var resumed = context.Options.Resume.TryGetValue(_frames[0].Target.Index, out var resume) ? resume : null;
        _steps = resume?.StepsDone ?? 0;
        foreach (var step in resumed is null ? ChooseStarts(ct) : Judge(_ => context.Working(resumed.Picture), 0, BlendStage.Start, ct))
        {
            yield return step;
        }

        for (var level = resumed is null ? context.Inputs.Sizes.Count - 1 : 0; level >= 0; level--)
        {
            var steps = level > 0 ? Math.Min(CoarseSteps, context.Options.StepsPerFrame / 4) : Math.Max(10, context.Options.StepsPerFrame - _steps);
            foreach (var step in Level(level, steps, resumed, ct))
            {
                yield return step;
            }
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

    private IEnumerable<BlendStep> Level(int level, int steps, BlendResume? resumed, CancellationToken ct)
    {
        Begin(level, resumed);
        for (var done = 0; done < steps && Open.Any();)
        {
            var until = level > 0 ? steps : Math.Min(steps, done < FirstStage ? FirstStage : done + Stage);
            var taken = until - done;
            while (done < until)
            {
                var start = Stopwatch.GetTimestamp();
                do
                {
                    ct.ThrowIfCancellationRequested();
                    Step(level, Rate * Math.Sqrt(1 - ((double)done / steps)));
                    done++;
                }
                while (done < until && Stopwatch.GetElapsedTime(start) < Slice);
                foreach (var frame in Open)
                {
                    yield return Report(frame, level > 0 ? BlendStage.Coarse : BlendStage.Fine, picture: false);
                }
            }

            var before = _frames.Select(frame => frame.Energy.Energy).ToArray();
            foreach (var step in Judge(frame => Lifted(frame, level), level, level > 0 ? BlendStage.Coarse : BlendStage.Fine, ct))
            {
                yield return step;
            }

            for (var i = 0; i < _frames.Length; i++)
            {
                if (_frames[i].Done)
                {
                    continue;
                }

                if (level == 0)
                {
                    Decide(_frames[i], before[i], taken, last: done >= steps);
                }

                yield return Report(_frames[i], _frames[i].Done ? BlendStage.Final : level > 0 ? BlendStage.Coarse : BlendStage.Fine, picture: true);
            }
        }
    }

    // Steps that led nowhere are undone and repeated more carefully.
    private void Decide(BlendFrame frame, double before, int taken, bool last)
    {
        var gain = (before - frame.Energy.Energy) / Math.Max(before, double.Epsilon);
        frame.Stalls = gain < WorthWhile * taken / Stage ? frame.Stalls + 1 : 0;
        frame.Done = last || (context.Options.StopEarly && frame.Stalls >= MostStalls);
        if (!frame.Done && gain <= 0)
        {
            frame.Caution = Math.Max(LeastCaution, frame.Caution / (frame.LastEnergy > MuchWorse * frame.Energy.Energy ? 4 : 2));
            frame.Begin(frame.Best!, published: false);
        }
    }

    // All kinds are tried for all frames of the group; each keeps its best.
    private IEnumerable<BlendStep> ChooseStarts(CancellationToken ct)
    {
        var tried = _frames.Select(frame => context.Starts.Candidates(frame.Target.Weights).ToArray()).ToArray();
        for (var round = 0; round < tried[0].Length; round++)
        {
            var candidates = tried.Select(kinds => kinds[round]).ToArray();
            (int Kind, double Share) Of(BlendFrame frame) => candidates[Array.IndexOf(_frames, frame)];
            var before = _frames.Select(frame => frame.Energy.Energy).ToArray();
            foreach (var step in Judge(frame => context.Starts.Of(Of(frame).Kind, 0, frame.Target.Weights), 0, BlendStage.Start, ct, frame => Of(frame).Share))
            {
                yield return step;
            }

            for (var i = 0; i < _frames.Length; i++)
            {
                _frames[i].Start = _frames[i].Energy.Energy < before[i] ? candidates[i].Kind : _frames[i].Start;
            }
        }
    }

    private void Begin(int level, BlendResume? resumed)
    {
        foreach (var frame in _frames)
        {
            using var scope = NewDisposeScope();
            frame.Begin(
                frame.Optimizer is { } coarser ? context.Lift(coarser.Result.detach(), level + 1, level, frame.Start, frame.Target.Weights)
                : resumed is not null ? frame.Best!
                : context.Starts.Of(frame.Start, level, frame.Target.Weights),
                published: false);
        }
    }

    private void Step(int level, double rate)
    {
        using var scope = NewDisposeScope();
        using var references = context.References(level, _steps, out var share);
        foreach (var frame in Open)
        {
            frame.Optimizer!.Descend(references, share ?? frame.Target.Weights);
            frame.Optimizer.Step(rate * context.Caution * frame.Caution);
            frame.StepsDone = _steps + 1;
        }

        _steps++;
    }

    private Tensor Lifted(BlendFrame frame, int level)
    {
        using var scope = NewDisposeScope();
        var picture = frame.Optimizer!.Result.detach();
        return (level == 0 ? picture : context.Lift(picture, level, 0, frame.Start, frame.Target.Weights)).MoveToOuterDisposeScope();
    }

    // Measures a picture of each open frame, and keeps those that are better than before.
    private IEnumerable<BlendStep> Judge(Func<BlendFrame, Tensor> picture, int level, BlendStage stage, CancellationToken ct, Func<BlendFrame, double>? share = null)
    {
        var (frames, pictures) = (Open.ToArray(), new List<Tensor>());
        try
        {
            using (var scope = NewDisposeScope())
            {
                pictures.AddRange(frames.Select(frame => picture(frame).DetachFromDisposeScope()));
            }

            var values = new (double Energy, double Error)[frames.Length];
            foreach (var _ in context.Energy.Measure(context.Inputs.At(0), pictures, [.. frames.Select(frame => frame.Target.Weights)], values))
            {
                ct.ThrowIfCancellationRequested();
                yield return Report(frames[0], stage, picture: false);
            }

            for (var i = 0; i < frames.Length; i++)
            {
                frames[i].Offer(pictures[i], level, values[i], share?.Invoke(frames[i]) ?? 1);
            }
        }
        finally
        {
            pictures.ForEach(tensor => tensor.Dispose());
        }
    }

    private BlendStep Report(BlendFrame frame, BlendStage stage, bool picture) =>
        context.Report(frame, stage, picture ? context.Show(frame.Best!, frame.Target.Weights) : null);
}
