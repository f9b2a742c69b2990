using Grainy.Core.Metrics.Perceptual;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>
/// A store of pairs that are too slow to make anew for each step: denoised ones, and ones that attack the teacher or the student. The oldest are replaced as the training
/// goes on, so that the student is attacked as it is, not as it was.
/// </summary>
internal sealed class HardPairs(FeatureDistance teacher, CompactStudent student, PatchSource source) : IDisposable
{
    private const int Capacity = 32; // batches
    private const int Between = 8; // steps from one batch to the next

    private readonly List<(Tensor References, Tensor Distorted)> _batches = [];
    private int _next;

    /// <summary>Adds a batch now and then. Leaves no gradient behind.</summary>
    public void Refresh(long step, RandomStream random)
    {
        if (step % Between != 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var (references, distorted) = PairMaker.Make(source, 1, random);
        var turn = step / Between % 3;
        distorted = turn == 0
            ? DenoisedPairs.Make(references, random)
            : AttackedPairs.Make(turn == 1 ? teacher : student.Distance, references, distorted, random);
        foreach (var parameter in student.Parameters)
        {
            parameter.grad?.zero_();
        }

        Store((references.DetachFromDisposeScope(), distorted.DetachFromDisposeScope()));
    }

    /// <summary>Some of the pairs, <c>[N, 3, P, P]</c> each, in the current scope.</summary>
    public (Tensor References, Tensor Distorted) Draw(int count, RandomStream random)
    {
        var picks = Enumerable.Range(0, count).Select(_ => (Batch: random.Next(_batches.Count), Row: random.Next(PatchDistortions.Kinds.Count))).ToArray();
        using var scope = NewDisposeScope();
        return (
            cat([.. picks.Select(pick => _batches[pick.Batch].References.narrow(0, pick.Row, 1))], 0).MoveToOuterDisposeScope(),
            cat([.. picks.Select(pick => _batches[pick.Batch].Distorted.narrow(0, pick.Row, 1))], 0).MoveToOuterDisposeScope());
    }

    /// <summary>Frees the pairs.</summary>
    public void Dispose()
    {
        foreach (var (references, distorted) in _batches)
        {
            references.Dispose();
            distorted.Dispose();
        }
    }

    private void Store((Tensor References, Tensor Distorted) batch)
    {
        if (_batches.Count < Capacity)
        {
            _batches.Add(batch);
            return;
        }

        _batches[_next].References.Dispose();
        _batches[_next].Distorted.Dispose();
        _batches[_next] = batch;
        _next = (_next + 1) % Capacity;
    }
}
