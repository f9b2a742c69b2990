using Grainy.Core.Denoising;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Training;

/// <summary>
/// Adam (Kingma, Ba 2015) on all parameters at once: six operations per step, whatever the number of layers, and a state of two arrays. Also keeps a moving
/// average of the weights. Owns its tensors.
/// </summary>
internal sealed class FlatAdam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.99;
    private const double SmallRoot = 1e-8; // added to a root
    private static readonly Scalar Decay1 = Beta1;
    private static readonly Scalar Rest1 = 1 - Beta1;
    private static readonly Scalar Decay2 = Beta2;
    private static readonly Scalar Rest2 = 1 - Beta2;
    private static readonly Scalar Epsilon = SmallRoot;

    private static readonly string[] ArrayNames = ["weights", "average", "mean", "square"];

    private readonly FlatParameters _parameters;

    public FlatAdam(FlatParameters parameters)
    {
        _parameters = parameters;
        Mean = zeros_like(parameters.Values).DetachFromDisposeScope();
        Square = zeros_like(parameters.Values).DetachFromDisposeScope();
        Average = parameters.Values.clone().DetachFromDisposeScope();
    }

    /// <summary>Moving average of the gradients.</summary>
    public Tensor Mean { get; }

    /// <summary>Moving average of their squares.</summary>
    public Tensor Square { get; }

    /// <summary>Moving average of the weights.</summary>
    public Tensor Average { get; }

    /// <summary>
    /// One step with the gradients that the backward pass has added up, which are cleared. False, and nothing moves, when any of them is not finite.
    /// </summary>
    /// <param name="step">1 for the first.</param>
    /// <param name="rate">Step size; not a number: the step is given up.</param>
    /// <param name="averageDecay">Share of the old in the moving average of the weights.</param>
    public bool Step(long step, double rate, double averageDecay)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var gradients = _parameters.Gradients;
        if (VectorAdam.Suits(gradients))
        {
            var (bias, length) = (1 - Math.Pow(Beta2, step), -rate / (1 - Math.Pow(Beta1, step)));
            var moved = !double.IsNaN(rate)
                && VectorAdam.TryStep(_parameters.Values, gradients, Mean, Square, Average, (Beta1, Beta2), bias, length, SmallRoot, averageDecay);
            gradients.zero_();
            return moved;
        }

        var finite = !double.IsNaN(rate) && double.IsFinite(gradients.abs().max().to(float64).item<double>());
        if (finite)
        {
            using Scalar bias2 = 1 - Math.Pow(Beta2, step), size = -rate / (1 - Math.Pow(Beta1, step)), old = averageDecay, fresh = 1 - averageDecay;
            Mean.mul_(Decay1).add_(gradients, Rest1);
            Square.mul_(Decay2).addcmul_(gradients, gradients, Rest2);
            var root = Square.div(bias2).sqrt_().add_(Epsilon, Arithmetic.One);
            _parameters.Values.addcdiv_(Mean, root, size);
            Average.mul_(old).add_(_parameters.Values, fresh);
        }

        gradients.zero_();
        return finite;
    }

    /// <summary>Everything that a later run needs to go on, by name.</summary>
    public Dictionary<string, float[]> Save() => new()
    {
        ["weights"] = _parameters.ToArray(),
        ["average"] = FlatParameters.Copy(Average),
        ["mean"] = FlatParameters.Copy(Mean),
        ["square"] = FlatParameters.Copy(Square),
    };

    /// <summary>Takes back what <see cref="Save"/> gave.</summary>
    /// <exception cref="DenoiserFormatException">The arrays belong to another network.</exception>
    public void Restore(IReadOnlyDictionary<string, float[]> arrays)
    {
        if (!ArrayNames.All(name => arrays.TryGetValue(name, out var array) && array.Length == _parameters.Count))
        {
            throw new DenoiserFormatException("This checkpoint belongs to another network; start the training again.");
        }

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _parameters.Load(arrays["weights"]);
        Average.copy_(tensor(arrays["average"]));
        Mean.copy_(tensor(arrays["mean"]));
        Square.copy_(tensor(arrays["square"]));
    }

    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
        Average.Dispose();
    }
}
