using Grainy.Core.Training.Losses;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Training.Methods;

[LeavesNoTensors]
public sealed class RegressionLossTests
{
    private static readonly double[] Estimate = [0.2, -0.3, 0.9, 1.4, 0.5, 0.05];
    private static readonly double[] Target = [0.25, 0.1, 0.9, -0.2, 0.5000001, 3.0];
    private static readonly double[] Valid = [1, 0, 1, 1, 1, 0];

    [Theory]
    [InlineData("l2", 0)]
    [InlineData("l1", 0)]
    [InlineData("l0", 0)]
    [InlineData("l0", 0.4)]
    [InlineData("l0", 1)]
    [InlineData("masked-l2", 0)]
    [InlineData("hdr", 0)]
    public void Loss_should_equal_the_formula_in_double_precision(string name, double fraction)
    {
        using var scope = NewDisposeScope();

        var loss = RegressionLoss.Mean(name, tensor(Estimate), tensor(Target), tensor(Valid), fraction);

        loss.item<double>().ShouldBe(Formula(name, Estimate, fraction), 1e-12);
    }

    [Theory]
    [InlineData("l2")]
    [InlineData("l1")]
    [InlineData("l0")]
    [InlineData("masked-l2")]
    public void Gradient_should_equal_differences_of_the_formula(string name)
    {
        using var scope = NewDisposeScope();
        double[] estimate = [0.2, -0.3, 0.8, 1.4, 0.6, 0.05]; // no difference of 0, where some have none
        var x = tensor(estimate).requires_grad_();

        RegressionLoss.Mean(name, x, tensor(Target), tensor(Valid), 0.3).backward();

        var gradient = x.grad!.data<double>().ToArray();
        for (var i = 0; i < estimate.Length; i++)
        {
            var (up, down) = ((double[])estimate.Clone(), (double[])estimate.Clone());
            (up[i], down[i]) = (up[i] + 1e-6, down[i] - 1e-6);
            gradient[i].ShouldBe((Formula(name, up, 0.3) - Formula(name, down, 0.3)) / 2e-6, 1e-6);
        }
    }

    [Fact]
    public void Hdr_gradient_should_not_flow_through_the_weight()
    {
        using var scope = NewDisposeScope();
        var x = tensor(0.5).requires_grad_();

        RegressionLoss.Mean(RegressionLosses.Hdr, x, tensor(0.2), null, 0).backward();

        x.grad!.item<double>().ShouldBe(2 * 0.3 / (0.51 * 0.51), 1e-9); // with it there would be a term −2·0.3²/0.51³ more
    }

    [Fact]
    public void Unknown_loss_should_be_refused_with_the_known_ones()
    {
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => RegressionLoss.Mean("l3", zeros(1), zeros(1), null, 0)).Message.ShouldContain("l2, l1, l0, masked-l2, hdr");
    }

    private static double Formula(string name, double[] estimate, double fraction)
    {
        var pairs = estimate.Zip(Target, (f, y) => (Estimate: f, Difference: Math.Abs(f - y))).ToArray();
        return name switch
        {
            "l2" => pairs.Average(pair => Math.Pow(pair.Difference, 2)),
            "l1" => pairs.Average(pair => pair.Difference),
            "l0" => pairs.Average(pair => Math.Pow(pair.Difference + 1e-8, 2 - (2 * fraction))),
            "hdr" => pairs.Average(pair => Math.Pow(pair.Difference / (Math.Max(0, pair.Estimate) + 0.01), 2)),
            _ => pairs.Zip(Valid).Where(item => item.Second == 1).Average(item => Math.Pow(item.First.Difference, 2)),
        };
    }
}
