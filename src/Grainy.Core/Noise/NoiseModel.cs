using System.Globalization;
using System.Text.Json.Serialization;

namespace Grainy.Core.Noise;

/// <summary>
/// How an observed sample y scatters around the clean sample x, on the image's own scale. A parameter that is null is not known: it is learned in training or
/// estimated from the image.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Gaussian), "gaussian")]
[JsonDerivedType(typeof(Poisson), "poisson")]
[JsonDerivedType(typeof(Affine), "affine")]
[JsonDerivedType(typeof(Impulse), "impulse")]
public abstract record NoiseModel
{
    private NoiseModel()
    {
    }

    /// <summary>One word: <c>gaussian</c>, <c>poisson</c>, <c>affine</c> or <c>impulse</c>.</summary>
    [JsonIgnore]
    public string Kind => this switch
    {
        Gaussian => "gaussian",
        Poisson => "poisson",
        Affine => "affine",
        _ => "impulse",
    };

    /// <summary>True when every parameter has a value.</summary>
    [JsonIgnore]
    public bool IsKnown => this switch
    {
        Gaussian model => model.Sigma is not null,
        Poisson model => model.Lambda is not null,
        Affine model => model.A is not null && model.B is not null,
        Impulse model => model.Alpha is not null,
        _ => false,
    };

    /// <summary>Var(y) where the clean sample is <paramref name="x"/>; null while a parameter is unknown. Impulses are counted with a clean image in [0, 1].</summary>
    public abstract double? VarianceAt(double x);

    /// <summary>The same noise on the scale z = (y − <paramref name="offset"/>) / <paramref name="scale"/>, for example a network's.</summary>
    /// <param name="offset">The sample that becomes 0. A Poisson model whose black is moved becomes an affine one.</param>
    /// <param name="scale">The difference of samples that becomes 1; positive.</param>
    public abstract NoiseModel OnScale(double offset, double scale);

    /// <summary>The model itself when its parameters make sense.</summary>
    /// <exception cref="ArgumentException">One sentence that says which does not.</exception>
    public abstract NoiseModel Validated();

    /// <summary>Noise of the same strength everywhere: y = x + N(0, σ²).</summary>
    /// <param name="Sigma">Standard deviation, positive.</param>
    public sealed record Gaussian(double? Sigma = null) : NoiseModel
    {
        /// <inheritdoc />
        public override double? VarianceAt(double x) => Sigma * Sigma;

        /// <inheritdoc />
        public override NoiseModel OnScale(double offset, double scale) => new Gaussian(Sigma / scale);

        /// <inheritdoc />
        public override NoiseModel Validated() => Require(
            Sigma is null || (double.IsFinite(Sigma.Value) && Sigma > 0), $"Gaussian noise of σ = {Show(Sigma)} makes no sense; give a positive number, or none.");

        /// <inheritdoc />
        public override string ToString() => $"Gaussian noise, σ = {Show(Sigma)}";
    }

    /// <summary>Counted particles without an offset: y = Poisson(λx) / λ, so that Var(y) = x / λ.</summary>
    /// <param name="Lambda">Counts at value 1, positive.</param>
    public sealed record Poisson(double? Lambda = null) : NoiseModel
    {
        /// <inheritdoc />
        public override double? VarianceAt(double x) => Math.Max(x, 0) / Lambda;

        /// <inheritdoc />
        public override NoiseModel OnScale(double offset, double scale) =>
            offset == 0 ? new Poisson(Lambda * scale) : new Affine(1 / (Lambda * scale), offset / (Lambda * scale * scale));

        /// <inheritdoc />
        public override NoiseModel Validated() => Require(
            Lambda is null || (double.IsFinite(Lambda.Value) && Lambda > 0),
            $"Poisson noise of λ = {Show(Lambda)} makes no sense; give the counts at value 1, a positive number, or none.");

        /// <inheritdoc />
        public override string ToString() => $"Poisson noise, λ = {Show(Lambda)}";
    }

    /// <summary>Counted particles, a gain and the noise of electronics, as in cameras: Var(y) = A·max(x, 0) + B with x the mean of y.</summary>
    /// <param name="A">Gain: variance per unit of signal, not negative.</param>
    /// <param name="B">
    /// Variance at signal 0. It is negative where the file keeps a black level p that was not subtracted (then B = σ² − A·p): such a model holds above it.
    /// </param>
    public sealed record Affine(double? A = null, double? B = null) : NoiseModel
    {
        /// <inheritdoc />
        public override double? VarianceAt(double x) => (A * (B < 0 ? x : Math.Max(x, 0))) + B is { } variance ? Math.Max(0, variance) : null;

        /// <inheritdoc />
        public override NoiseModel OnScale(double offset, double scale) => new Affine(A / scale, ((A * offset) + B) / (scale * scale));

        /// <inheritdoc />
        public override NoiseModel Validated() => Require(
            (A is null || (double.IsFinite(A.Value) && A >= 0)) && (B is null || double.IsFinite(B.Value)) && !(A == 0 && B <= 0),
            $"Noise of variance {Show(A)}·x + {Show(B)} makes no sense; the gain must not be negative and the variance must be positive somewhere.");

        /// <inheritdoc />
        public override string ToString() => $"signal-dependent noise, variance {Show(A)}·x + {Show(B)}";
    }

    /// <summary>Pixels replaced by uniform random colours in [0, 1], all channels of a pixel together.</summary>
    /// <param name="Alpha">Share of replaced pixels, above 0 and below 1.</param>
    public sealed record Impulse(double? Alpha = null) : NoiseModel
    {
        /// <inheritdoc />
        /// <remarks>The mean of a pixel is α/2 + (1 − α)x, the variance of the uniform part 1/12.</remarks>
        public override double? VarianceAt(double x) => (Alpha / 12) + (Alpha * (1 - Alpha) * (0.5 - x) * (0.5 - x));

        /// <inheritdoc />
        public override NoiseModel OnScale(double offset, double scale) => this;

        /// <inheritdoc />
        public override NoiseModel Validated() => Require(
            Alpha is null or (> 0 and < 1), $"A share of {Show(Alpha)} replaced pixels makes no sense; give a number above 0 and below 1, or none.");

        /// <inheritdoc />
        public override string ToString() => $"impulses, share {Show(Alpha)}";
    }

    private NoiseModel Require(bool holds, string otherwise) => holds ? this : throw new ArgumentException(otherwise);

    private static string Show(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "unknown";
}
