using System.Text.Json;
using Grainy.Core.Noise;

namespace Grainy.Core.Tests.Noise;

public sealed class NoiseModelTests
{
    public static TheoryData<NoiseModel> Known =>
        [new NoiseModel.Gaussian(0.1), new NoiseModel.Poisson(30), new NoiseModel.Affine(0.02, 0.003), new NoiseModel.Impulse(0.25)];

    [Theory]
    [MemberData(nameof(Known))]
    public void Model_should_survive_its_json(NoiseModel model)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);

        var text = JsonSerializer.Serialize(model, options);

        text.ShouldStartWith($"{{\"kind\":\"{model.Kind}\"");
        text.ShouldNotContain("isKnown");
        JsonSerializer.Deserialize<NoiseModel>(text, options).ShouldBe(model);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.125)]
    public void Variance_should_be_that_of_the_samples_on_any_scale(double offset)
    {
        NoiseModel[] models = [new NoiseModel.Gaussian(0.1), new NoiseModel.Poisson(30), new NoiseModel.Affine(0.02, 0.003)];
        foreach (var model in models)
        {
            var there = model.OnScale(offset, 4);

            // z = (y − offset) / 4 has a sixteenth of the variance.
            there.VarianceAt((0.5 - offset) / 4)!.Value.ShouldBe(model.VarianceAt(0.5)!.Value / 16, 1e-12);
        }
    }

    [Fact]
    public void Impulse_variance_should_be_that_of_the_mixture()
    {
        // Directly: E y² − (E y)², with E y² = α/3 + (1 − α)x².
        const double alpha = 0.3, x = 0.8;
        var mean = (alpha / 2) + ((1 - alpha) * x);

        new NoiseModel.Impulse(alpha).VarianceAt(x)!.Value.ShouldBe((alpha / 3) + ((1 - alpha) * x * x) - (mean * mean), 1e-12);
    }

    [Fact]
    public void Unknown_parameters_should_stay_unknown()
    {
        NoiseModel[] unknown = [new NoiseModel.Gaussian(), new NoiseModel.Poisson(), new NoiseModel.Affine(0.1), new NoiseModel.Impulse()];
        foreach (var model in unknown)
        {
            model.Validated().IsKnown.ShouldBeFalse();
            model.VarianceAt(0.5).ShouldBeNull();
            model.OnScale(0.1, 2).IsKnown.ShouldBeFalse();
        }
    }

    [Fact]
    public void Impossible_parameters_should_be_refused()
    {
        NoiseModel[] wrong =
        [
            new NoiseModel.Gaussian(0), new NoiseModel.Gaussian(double.NaN), new NoiseModel.Poisson(-1), new NoiseModel.Affine(-0.1, 1),
            new NoiseModel.Affine(0, 0), new NoiseModel.Impulse(1),
        ];
        foreach (var model in wrong)
        {
            Should.Throw<ArgumentException>(model.Validated);
        }
    }
}
