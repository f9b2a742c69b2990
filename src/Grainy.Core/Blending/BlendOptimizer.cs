using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// One picture that is optimised, with the moments of Adam (Kingma, Ba 2015). In the fast mode half the root of the mean second moment over the picture is added to each
/// pixel's own root: where the energy hardly depends on a pixel, plain Adam would still move it by full steps, in the direction of chance, which shows as speckle. And steps of
/// colour are smoothed over neighbours, those of brightness are not: the ensemble takes all orders of the channels alike and hardly minds coloured specks that a person sees at
/// once. Grain that the images have is in the start already, and stays.
/// </summary>
internal sealed class BlendOptimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double FloorShare = 0.5;
    private const int WarmUp = 10;
    private const double LatestShare = 0.03;

    // Added to the root of the uncorrected second moment, as TensorFlow does.
    private const double PublishedEpsilon = 1e-8;

    private static readonly Scalar First = Beta1;
    private static readonly Scalar FirstRest = 1 - Beta1;
    private static readonly Scalar Second = Beta2;
    private static readonly Scalar SecondRest = 1 - Beta2;
    private static readonly Scalar Lowest = 1e-5;
    private static readonly Scalar Highest = 1 - 1e-5;

    private readonly SmoothedUpdate? _fast;
    private readonly Tensor? _average;
    private readonly Tensor? _mean; // of the published procedure
    private readonly Tensor? _square;
    private int _steps;

    /// <param name="start"><c>[1, 3, h, w]</c>; copied.</param>
    /// <param name="published">Exactly as in the published code.</param>
    public BlendOptimizer(Tensor start, bool published)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        Picture = start.clamp(Lowest, Highest).contiguous().DetachFromDisposeScope();
        if (published)
        {
            (_mean, _square) = (zeros_like(Picture).DetachFromDisposeScope(), zeros_like(Picture).DetachFromDisposeScope());
        }
        else
        {
            var shape = start.Require("1 3 H W");
            _fast = new SmoothedUpdate((int)shape[2], (int)shape[3]);
            _average = Picture.clone().DetachFromDisposeScope();
        }

        Picture.requires_grad_();
    }

    /// <summary><c>[1, 3, h, w]</c> in (0, 1), requires gradients; owned by this object.</summary>
    public Tensor Picture { get; }

    /// <summary>
    /// What the steps led to, <c>[1, 3, h, w]</c>; owned by this object. In the fast mode the running mean of the latest pictures (Polyak, Juditsky 1992): each step follows one
    /// transform and errs at random, and these errors cancel in the mean. In the published procedure the picture itself.
    /// </summary>
    public Tensor Result => _average ?? Picture;

    /// <summary>Adds the gradient of Σ wᵢ·dᵢ² to the picture.</summary>
    /// <param name="references">What it is compared with; borrowed.</param>
    /// <param name="weights">One for each reference.</param>
    public void Descend(BlendReferences references, IReadOnlyList<double> weights)
    {
        using var scope = NewDisposeScope();
        var distances = references.To(Picture);
        var shares = tensor(weights.Select(weight => (float)weight).ToArray(), dtype: distances.dtype);
        (distances.Squared() * shares).sum().backward();
    }

    /// <summary>One step against the gradient, which is cleared.</summary>
    public void Step(double rate)
    {
        _steps++;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        if (Picture.grad is not { } gradient)
        {
            return;
        }

        var (bias1, bias2) = (1 - Math.Pow(Beta1, _steps), 1 - Math.Pow(Beta2, _steps));
        var step = -rate * Math.Sqrt(bias2) / bias1;
        if (_fast is not null)
        {
            _fast.Take(gradient.contiguous(), (float)Beta1, (float)Beta2);
            gradient.zero_();
            // The first moments say little, and move little.
            _fast.Move(Picture, step * Math.Min(1, (double)_steps / WarmUp), FloorShare);
            var latest = Math.Max(LatestShare, 1.0 / _steps);
            SmoothedUpdate.Approach(_average!, Picture, (float)latest);
            return;
        }

        _mean!.mul_(First).add_(gradient, FirstRest);
        _square!.mul_(Second).addcmul_(gradient, gradient, SecondRest);
        gradient.zero_();
        using Scalar published = step;
        Picture.addcdiv_(_mean, _square.sqrt().Plus(PublishedEpsilon), published).clamp_(Lowest, Highest);
    }

    /// <summary>Frees the picture and its moments.</summary>
    public void Dispose()
    {
        Picture.Dispose();
        _average?.Dispose();
        _mean?.Dispose();
        _square?.Dispose();
    }
}
