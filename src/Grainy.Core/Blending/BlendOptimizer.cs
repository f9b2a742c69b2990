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
    private const double OwnColour = 0.2;

    // Added to the root of the uncorrected second moment, as TensorFlow does.
    private const double PublishedEpsilon = 1e-8;

    private static readonly Scalar First = Beta1;
    private static readonly Scalar FirstRest = 1 - Beta1;
    private static readonly Scalar Second = Beta2;
    private static readonly Scalar SecondRest = 1 - Beta2;
    private static readonly Scalar Lowest = 1e-5;
    private static readonly Scalar Highest = 1 - 1e-5;
    private static readonly Scalar Tiny = 1e-20;

    private readonly bool _published;
    private readonly Tensor _mean;
    private readonly Tensor _square;
    private int _steps;

    /// <param name="start"><c>[1, 3, h, w]</c>; copied.</param>
    /// <param name="published">Exactly as in the published code.</param>
    public BlendOptimizer(Tensor start, bool published)
    {
        _published = published;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        Picture = start.clamp(Lowest, Highest).contiguous().DetachFromDisposeScope();
        (_mean, _square) = (zeros_like(Picture).DetachFromDisposeScope(), zeros_like(Picture).DetachFromDisposeScope());
        Picture.requires_grad_();
    }

    /// <summary><c>[1, 3, h, w]</c> in (0, 1), requires gradients; owned by this object.</summary>
    public Tensor Picture { get; }

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

        _mean.mul_(First).add_(gradient, FirstRest);
        _square.mul_(Second).addcmul_(gradient, gradient, SecondRest);
        gradient.zero_();
        var (bias1, bias2) = (1 - Math.Pow(Beta1, _steps), 1 - Math.Pow(Beta2, _steps));
        // The first moments say little: in the fast mode they move little.
        var warm = _published ? 1 : Math.Min(1, (double)_steps / WarmUp);
        using Scalar step = -rate * warm * Math.Sqrt(bias2) / bias1;
        if (_published)
        {
            Picture.addcdiv_(_mean, Divisor(), step);
        }
        else
        {
            Picture.add_(Smoothed(_mean / Divisor()), step);
        }

        Picture.clamp_(Lowest, Highest);
    }

    /// <summary>Frees the picture and its moments.</summary>
    public void Dispose()
    {
        Picture.Dispose();
        _mean.Dispose();
        _square.Dispose();
    }

    private static Tensor Smoothed(Tensor update)
    {
        var brightness = update.mean([1], keepdim: true);
        var own = update - brightness;
        var colour = own;
        for (var pass = 0; pass < 2; pass++)
        {
            colour = nn.functional.avg_pool2d(nn.functional.pad(colour, [1, 1, 1, 1], PaddingModes.Replicate), [3, 3], [1, 1]);
        }

        // A share of their own keeps every picture within reach.
        return brightness.Plus(own.Times(OwnColour)).Plus(colour.Times(1 - OwnColour));
    }

    private Tensor Divisor()
    {
        var root = _square.sqrt();
        return _published ? root.Plus(PublishedEpsilon) : root.Plus(_square.mean().sqrt().Times(FloorShare).add(Tiny, Arithmetic.One));
    }
}
