using System.Diagnostics;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// One frame by the procedure of the published examples (ex_pairwise_average, ex_bary10): from noise 0.5 + 0.2·N(0, 1), one transform and dropout per step, Adam as TensorFlow
/// defines it, rate 0.03 / (1 + 0.02·τ^0.75) with τ = √(100² + t²) − 100. What is told is the picture as it is, also where a step made it worse.
/// </summary>
internal sealed class PublishedProcedure(BlendContext context, BlendTarget target) : IDisposable
{
    private const int SnapshotsApart = 5000;
    private static readonly int[] Snapshots = [0, 10, 20, 50, 100, 200, 500, 1000, 2000];
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(150);

    private readonly BlendFrame _frame = new(target);

    /// <summary>The published rate at step <paramref name="t"/>, from 0.</summary>
    public static double Rate(int t) => 0.03 / (1 + (0.02 * Math.Pow(Math.Sqrt(10_000 + ((double)t * t)) - 100, 0.75)));

    /// <summary>Computes the frame.</summary>
    public IEnumerable<BlendStep> Run(CancellationToken ct)
    {
        foreach (var step in Judge(() => context.Inputs.Mix(0, target.Weights), BlendStage.Start, ct))
        {
            yield return step;
        }

        _frame.MixEnergy = _frame.Energy.Energy;
        Begin();
        for (var done = 0; done <= context.Options.StepsPerFrame;)
        {
            var last = done == context.Options.StepsPerFrame;
            if (last || Snapshots.Contains(done) || done % SnapshotsApart == 0)
            {
                var stage = last ? BlendStage.Final : done == 0 ? BlendStage.Start : BlendStage.Fine;
                foreach (var step in Judge(() => _frame.Optimizer!.Picture.detach(), stage == BlendStage.Final ? BlendStage.Fine : stage, ct))
                {
                    yield return step;
                }

                yield return context.Report(_frame, stage, context.Show(_frame.Best!, target.Weights));
            }

            var (start, from) = (Stopwatch.GetTimestamp(), done);
            do
            {
                ct.ThrowIfCancellationRequested();
                Step(done++);
            }
            while (!last && done < context.Options.StepsPerFrame && !Snapshots.Contains(done) && done % SnapshotsApart != 0 && Stopwatch.GetElapsedTime(start) < Slice);
            yield return context.Report(_frame, BlendStage.Fine, null);
        }
    }

    /// <summary>Frees the frame.</summary>
    public void Dispose() => _frame.Dispose();

    private void Begin()
    {
        using var scope = NewDisposeScope();
        using var generator = new Tensors.SeedSequence(context.Options.Seed).For("blend noise");
        var (height, width) = context.Inputs.Sizes[0];
        using TorchSharp.Scalar middle = 0.5, spread = 0.2;
        _frame.Begin(randn([1, 3, height, width], generator: generator).mul(spread).add(middle, Tensors.Arithmetic.One), published: true);
    }

    private void Step(int t)
    {
        using var scope = NewDisposeScope();
        using var references = context.References(0, t, out var share);
        _frame.Optimizer!.Descend(references, share ?? target.Weights);
        _frame.Optimizer.Step(Rate(t));
        _frame.StepsDone = t + 1;
    }

    private IEnumerable<BlendStep> Judge(Func<Tensor> picture, BlendStage stage, CancellationToken ct)
    {
        using var measured = picture().DetachFromDisposeScope();
        var values = new (double Energy, double Error)[1];
        foreach (var _ in context.Energy.Measure(context.Inputs.At(0), [measured], [target.Weights], values))
        {
            ct.ThrowIfCancellationRequested();
            yield return context.Report(_frame, stage, null);
        }

        _frame.Take(measured, values[0]);
    }
}
