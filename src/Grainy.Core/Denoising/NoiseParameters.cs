using Grainy.Core.Noise;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>
/// The noise of a set of pixels on the network's scale, known or learned: variance gain·max(μ, 10⁻³) + constant, or a share of impulses. Each part is a tensor with one
/// value for all pixels <c>[1]</c> or one per pixel <c>[P]</c>, borrowed.
/// </summary>
internal sealed record NoiseParameters(Tensor? Gain, Tensor? Constant, Tensor? Share, bool Learned)
{
    /// <summary>Weight of the term that lets a learned noise rather explain variance than the network (section 2.5; the authors' code).</summary>
    public const double Regularisation = 0.1;

    private const double LeastOfPaper = 1e-3;
    private const double LeastGain = 1e-5;
    private static readonly Scalar LeastSignal = 1e-3;
    private static readonly Scalar LeastVariance = 1e-6; // (10⁻³)², the least known σ of the authors' code
    private static readonly Scalar MostShare = 0.999;

    /// <summary>Trained numbers of a model with unknown parameters: two for an affine one, else one.</summary>
    public static int Count(NoiseModel model) => model is NoiseModel.Affine ? 2 : 1;

    /// <summary>Noise whose parameters are all known.</summary>
    /// <param name="model">On the network's scale.</param>
    public static NoiseParameters Known(NoiseModel model) => model switch
    {
        NoiseModel.Gaussian { Sigma: { } sigma } => new NoiseParameters(null, Value(sigma * sigma), null, Learned: false),
        NoiseModel.Poisson { Lambda: { } lambda } => new NoiseParameters(Value(1 / lambda), null, null, Learned: false),
        NoiseModel.Affine { A: { } a, B: { } b } => new NoiseParameters(Value(a), Value(b), null, Learned: false),
        NoiseModel.Impulse { Alpha: { } alpha } => new NoiseParameters(null, null, Value(alpha), Learned: false),
        _ => throw new ArgumentException($"A parameter of the noise is not known: {model}."),
    };

    /// <summary>Noise whose unknown parameters are softplus(e − 4) + 10⁻³ of trained numbers e (section 2.4); known parts stay as they are.</summary>
    /// <param name="model">On the network's scale; says which kind.</param>
    /// <param name="raw">e: <c>[1 or 2, 1]</c> or <c>[1 or 2, P]</c>.</param>
    public static NoiseParameters Estimated(NoiseModel model, Tensor raw)
    {
        raw.Require($"{Count(model)} P");
        var first = Positive(raw.select(0, 0), LeastOfPaper);
        return model switch
        {
            NoiseModel.Gaussian => new NoiseParameters(null, first.Squared(), null, Learned: true),
            NoiseModel.Poisson => new NoiseParameters(first, null, null, Learned: true),
            NoiseModel.Affine affine => new NoiseParameters(
                affine.A is { } a ? Value(a) : Positive(raw.select(0, 0), LeastGain),
                affine.B is { } b ? Value(b) : Positive(raw.select(0, 1), LeastOfPaper).Squared(),
                null,
                Learned: true),
            _ => new NoiseParameters(null, null, first.clamp_max(MostShare), Learned: true),
        };
    }

    /// <summary>What the numbers e mean, on the network's scale.</summary>
    public static NoiseModel Read(NoiseModel model, IReadOnlyList<double> raw) => model switch
    {
        NoiseModel.Gaussian => new NoiseModel.Gaussian(Positive(raw[0], LeastOfPaper)),
        NoiseModel.Poisson => new NoiseModel.Poisson(1 / Positive(raw[0], LeastOfPaper)),
        NoiseModel.Affine affine => new NoiseModel.Affine(affine.A ?? Positive(raw[0], LeastGain), affine.B ?? Math.Pow(Positive(raw[1], LeastOfPaper), 2)),
        _ => new NoiseModel.Impulse(Math.Min(0.999, Positive(raw[0], LeastOfPaper))),
    };

    /// <summary>
    /// Variance of the noise where the clean pixel is expected to be <paramref name="mean"/>, at least 10⁻⁶ if it depends on it; the gradient flows through the mean too.
    /// </summary>
    /// <param name="mean">μ: <c>[C, P]</c>.</param>
    /// <returns><c>[P]</c> where it is the same for all channels, else <c>[C, P]</c>.</returns>
    public Tensor Variance(Tensor mean)
    {
        if (Gain is null)
        {
            return Constant!.expand(mean.shape[1]);
        }

        var variance = mean.clamp_min(LeastSignal) * Gain;
        return (Constant is null ? variance : variance.Plus(Constant)).clamp_min(LeastVariance);
    }

    private static Tensor Value(double value) => tensor(new[] { (float)value });

    private static Tensor Positive(Tensor raw, double least) => Softplus(raw.Plus(-4.0)).Plus(least);

    // log(1 + eˣ) without overflow; the library's own makes scalars that nothing holds.
    private static Tensor Softplus(Tensor x) => x.logaddexp(zeros_like(x, requires_grad: false));

    private static double Positive(double raw, double least) => Math.Log(1 + Math.Exp(raw - 4)) + least;
}
