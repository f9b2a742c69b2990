using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Tensors;

/// <summary>
/// Adam (Kingma, Ba 2015) on plain tensors, with the ε after the correction of the bias. The gradient is read from the parameters and cleared by each step.
/// The tensors stay with the caller; the moments are freed by <see cref="Dispose"/>.
/// </summary>
internal sealed class AdamOptimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _means;
    private readonly Tensor[] _squares;
    private readonly double _epsilon;
    private long _step;

    /// <param name="parameters">Leaves that require gradients; borrowed.</param>
    /// <param name="epsilon">Below the root of the second moment of any gradient that matters.</param>
    public AdamOptimizer(IEnumerable<Tensor> parameters, double epsilon = 1e-8)
    {
        _epsilon = epsilon;
        _parameters = [.. parameters];
        using var scope = NewDisposeScope();
        _means = [.. _parameters.Select(parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope())];
        _squares = [.. _parameters.Select(parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope())];
    }

    /// <summary>One step against the gradients.</summary>
    public void Step(double learningRate)
    {
        _step++;
        var (bias1, bias2) = (1 - Math.Pow(Beta1, _step), 1 - Math.Pow(Beta2, _step));
        using Scalar beta1 = Beta1, beta2 = Beta2, rest1 = 1 - Beta1, rest2 = 1 - Beta2, correction = 1 / bias2, epsilon = _epsilon, rate = -learningRate / bias1;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].grad is not { } gradient)
            {
                continue;
            }

            _means[i].mul_(beta1).add_(gradient, rest1);
            _squares[i].mul_(beta2).addcmul_(gradient, gradient, rest2);
            _parameters[i].addcdiv_(_means[i], (_squares[i] * correction).sqrt_().add_(epsilon, Arithmetic.One), rate);
            gradient.zero_();
        }
    }

    /// <summary>Frees the moments.</summary>
    public void Dispose()
    {
        foreach (var moment in _means.Concat(_squares))
        {
            moment.Dispose();
        }
    }
}
