using System.Runtime.InteropServices;
using Grainy.Core.Denoising;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Training;

/// <summary>
/// Adam (Kingma, Ba 2015), or Muon (<see cref="Optimizers.Muon"/>), on all parameters in one flat array, with a state of two more. Also keeps a moving average of the
/// weights. Owns its tensors.
/// </summary>
internal sealed class FlatOptimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.99;
    private const double SmallRoot = 1e-8; // added to a root
    private const double LongestGradient = 3; // in root mean squares of the gradients of late
    private const int StepsBeforeClipping = 20;
    private const double OrthogonalRms = 0.2; // of a step of Adam, so that one rate suits both (Liu et al. 2025, section 2.2)
    private static readonly Scalar Decay1 = Beta1;
    private static readonly Scalar Rest1 = 1 - Beta1;
    private static readonly Scalar Decay2 = Beta2;
    private static readonly Scalar Rest2 = 1 - Beta2;
    private static readonly Scalar Epsilon = SmallRoot;

    private static readonly string[] ArrayNames = ["weights", "average", "mean", "square"];

    private readonly FlatParameters _parameters;
    private readonly IReadOnlyList<Part> _parts;

    /// <param name="parameters">Borrowed.</param>
    /// <param name="optimizer">One of <see cref="Optimizers"/>.</param>
    public FlatOptimizer(FlatParameters parameters, string optimizer = Optimizers.Adam)
    {
        _parameters = parameters;
        _parts = optimizer == Optimizers.Muon ? Parts(parameters.Layers) : [new Part(0, parameters.Count, 0)];
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
        var vectors = VectorOptimizer.Suits(gradients);
        var finite = !double.IsNaN(rate) && (vectors ? VectorOptimizer.AreFinite(Floats(gradients)) : double.IsFinite(gradients.abs().max().to(float64).item<double>()));
        if (finite)
        {
            Shorten(step, vectors);
            var (bias2, size) = (1 - Math.Pow(Beta2, step), -rate / (1 - Math.Pow(Beta1, step)));
            foreach (var part in _parts)
            {
                if (vectors)
                {
                    Move(part, rate, size, bias2);
                }
                else
                {
                    MoveByLibrary(part, rate, size, bias2);
                }
            }

            MoveAverage(averageDecay, vectors);
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

    // One strange crop must not undo what many have taught.
    private void Shorten(long step, bool vectors)
    {
        if (step <= StepsBeforeClipping)
        {
            return;
        }

        var gradients = _parameters.Gradients;
        var (now, late) = vectors
            ? (VectorOptimizer.Sum(Floats(gradients), squared: true), VectorOptimizer.Sum(Floats(Square), squared: false))
            : (gradients.Squared().sum().to(float64).item<double>(), Square.sum().to(float64).item<double>());
        var most = LongestGradient * Math.Sqrt(late / (1 - Math.Pow(Beta2, step - 1)));
        if (Math.Sqrt(now) > most)
        {
            using Scalar factor = most / Math.Sqrt(now);
            gradients.mul_(factor);
        }
    }

    // Kernels between layers move as matrices [Out, In·Side²]; the first layer, the last ones and all biases as single numbers.
    private static List<Part> Parts(IReadOnlyList<LayerSpec> layers)
    {
        var parts = new List<Part>();
        var at = 0;
        foreach (var layer in layers)
        {
            var columns = layer.WeightCount / layer.Out;
            if (at > 0 && !layer.Linear && !layer.Zero && layer.Out <= columns)
            {
                parts.Add(new Part(at, layer.WeightCount, layer.Out));
                parts.Add(new Part(at + layer.WeightCount, layer.Out, 0));
            }
            else
            {
                parts.Add(new Part(at, layer.Count, 0));
            }

            at += layer.Count;
        }

        return parts;
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private void Move(Part part, double rate, double size, double bias2)
    {
        var values = Floats(_parameters.Values).Slice(part.At, part.Count);
        var gradients = Floats(_parameters.Gradients).Slice(part.At, part.Count);
        var mean = Floats(Mean).Slice(part.At, part.Count);
        var square = Floats(Square).Slice(part.At, part.Count);
        if (part.Rows == 0)
        {
            VectorOptimizer.MoveByAdam(values, gradients, mean, square, (Beta1, Beta2), bias2, size, SmallRoot);
        }
        else
        {
            VectorOptimizer.MoveByMuon(values, gradients, mean, square, part.Rows, (Beta1, Beta2), Length(part, rate));
        }
    }

    private void MoveByLibrary(Part part, double rate, double size, double bias2)
    {
        using var scope = NewDisposeScope();
        var (values, gradients) = (_parameters.Values.narrow(0, part.At, part.Count), _parameters.Gradients.narrow(0, part.At, part.Count));
        var mean = Mean.narrow(0, part.At, part.Count);
        mean.mul_(Decay1).add_(gradients, Rest1);
        var square = Square.narrow(0, part.At, part.Count);
        square.mul_(Decay2).addcmul_(gradients, gradients, Rest2);
        if (part.Rows == 0)
        {
            using Scalar bias = bias2, length = size;
            values.addcdiv_(mean, square.div(bias).sqrt_().add_(Epsilon, Arithmetic.One), length);
        }
        else
        {
            using Scalar length = Length(part, rate);
            var ahead = mean.mul(Decay1).add(gradients, Rest1).view(part.Rows, -1);
            values.add_(OrthogonalMatrix.Of(ahead).view(-1), length);
        }
    }

    private void MoveAverage(double decay, bool vectors)
    {
        if (vectors)
        {
            VectorOptimizer.MoveAverage(Floats(Average), Floats(_parameters.Values), decay);
            return;
        }

        using Scalar old = decay, fresh = 1 - decay;
        Average.mul_(old).add_(_parameters.Values, fresh);
    }

    // An orthogonal matrix of R rows and C columns, R ≤ C, has a root mean square of 1 / √C.
    private static double Length(Part part, double rate) => -rate * OrthogonalRms * Math.Sqrt(part.Count / (double)part.Rows);

    // A stretch of the arrays; Rows is 0 where it is not a matrix.
    private readonly record struct Part(int At, int Count, int Rows);
}
