using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>
/// How far the student is from its teacher on a batch of pairs: in the features of every place (dense, so that few pairs teach much), in how these differ within a pair,
/// in the logarithm of the distance of each layer and of the whole, and in the order of the distances.
/// </summary>
internal static class DistillationLoss
{
    /// <summary>Distances are compared as logarithms of distance plus this, so that the smallest do not rule the rest.</summary>
    public const double Floor = 0.005;

    // The same per layer, as a share of the spread of its features.
    private const double LayerFloor = 0.02;

    /// <summary>Smaller is better; differentiable in the student's weights.</summary>
    /// <param name="teacher">Borrowed.</param>
    /// <param name="student">Borrowed. Its layers have the channels of the teacher's.</param>
    /// <param name="led">True to give each stage the teacher's features to work on, so that all stages learn at once; false for those of the stage before.</param>
    /// <param name="references"><c>[N, 3, P, P]</c>; borrowed.</param>
    /// <param name="distorted">The same shape; borrowed.</param>
    /// <returns>A scalar; the caller owns it.</returns>
    public static Tensor Of(FeatureDistance teacher, CompactStudent student, bool led, Tensor references, Tensor distorted)
    {
        var count = references.Require("N 3 P P")[0];
        using var scope = NewDisposeScope();
        var input = teacher.Scaled(cat([references, distorted], 0));
        var truths = new Tensor[teacher.Layers];
        using (no_grad())
        {
            teacher.Network.Run(input, null, (layer, features) => truths[layer] = features.alias().DetachFromDisposeScope());
        }

        var (wanted, given, loss) = (zeros(count), zeros(count), zeros(1));
        for (var layer = 0; layer < truths.Length; layer++)
        {
            var truth = truths[layer];
            var share = teacher.Heads[layer].view(1, -1, 1, 1);
            var raw = student.Network.Stage(layer, input, null, rectify: false);
            var answer = raw.relu();
            input = led ? truth : answer;

            var (target, unit) = (FeatureDistance.Unit(truth), FeatureDistance.Unit(answer));
            var spread = ((target - target.mean([0, 2, 3], keepdim: true)).Squared() * share).sum([1]).mean();
            var floor = spread.Times(LayerFloor);
            var (change, answered) = (Difference(target, count), Difference(unit, count));
            var (exact, own) = (Distances(change, share), Distances(answered, student.Distance.Heads[layer].view(1, -1, 1, 1)));
            var missed = Distances(answered - change, share) / exact.Plus(floor);
            var ratio = (own.Plus(floor) / exact.Plus(floor)).log();
            loss = loss.Plus(Activation(raw, answer, truth, share))
                .Plus(((unit - target).Squared() * share).sum([1]).mean() / spread)
                .Plus(missed.Plus(1).log().mean())
                .Plus(ratio.Squared().mean().Times(0.5));
            (wanted, given) = (wanted.Plus(exact), given.Plus(own));
        }

        var (expected, actual) = (wanted.Plus(Floor).log(), given.Plus(Floor).log());
        loss = loss.Times(1.0 / truths.Length).Plus((actual - expected).Squared().mean()).Plus(Disorder(actual, expected).Times(0.5));
        foreach (var truth in truths)
        {
            truth.Dispose(); // the graph keeps what its backward pass needs
        }

        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Squared error of the activations, relative to their size. Where the teacher's unit is active the error is taken before the rectifier, so that a silent unit learns too
    /// (after Heo 2019); half of the weight goes to the channels that the teacher's distance looks at.
    /// </summary>
    private static Tensor Activation(Tensor raw, Tensor answer, Tensor truth, Tensor share)
    {
        var weight = (share / share.mean()).Plus(1);
        var error = (answer - truth).Plus((raw - answer) * truth.gt(Arithmetic.Zero).to(float32));
        return (error.Squared() * weight).mean() / (truth.Squared() * weight).mean();
    }

    private static Tensor Difference(Tensor both, long count) => both.narrow(0, 0, count) - both.narrow(0, count, count);

    // [N, K, h, w] → [N].
    private static Tensor Distances(Tensor difference, Tensor share) => (difference.Squared().mean([2, 3], keepdim: true) * share).sum([1, 2, 3]);

    /// <summary>How badly pairs of the batch are in the wrong order: a logistic penalty, less for pairs that the teacher puts close together.</summary>
    private static Tensor Disorder(Tensor answer, Tensor target)
    {
        const double Softness = 0.1;
        var (gap, wanted) = (answer.unsqueeze(0) - answer.unsqueeze(1), target.unsqueeze(0) - target.unsqueeze(1));
        var penalty = (gap * wanted.sign()).Times(1 / Softness).log_sigmoid().Times(-Softness);
        return (penalty * wanted.abs().clamp_max(Arithmetic.One)).mean();
    }
}
