using Grainy.Core.Denoising;
using Grainy.Core.Tensors;
using Grainy.Core.Training;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Training;

[LeavesNoTensors]
public sealed class FlatOptimizerTests
{
    // 140 + 322 + 16 parameters: not whole vectors. The second layer moves as a matrix.
    private static readonly LayerSpec[] Layers = [new("a", 3, 5, 3), new("b", 5, 7, 3), new("c", 7, 2, 1, Linear: true)];

    [Theory]
    [InlineData(Optimizers.Adam)]
    [InlineData(Optimizers.Muon)]
    public void Step_of_our_own_should_agree_with_the_librarys_in_double_precision(string optimizer)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var single = new FlatParameters(Layers);
        using var twice = new FlatParameters(Layers, type: float64);
        single.Initialise(new SeedSequence(1));
        twice.Load(single.ToArray());
        using var ours = new FlatOptimizer(single, optimizer);
        using var library = new FlatOptimizer(twice, optimizer);

        for (var step = 1; step <= 20; step++)
        {
            var gradient = randn([single.Count], generator: generator);
            single.Gradients.copy_(gradient);
            twice.Gradients.copy_(gradient);
            ours.Step(step, 1e-2, 0.9).ShouldBeTrue();
            library.Step(step, 1e-2, 0.9).ShouldBeTrue();
        }

        single.Values.to(float64).ShouldBeClose(twice.Values, 1e-5);
        ours.Average.to(float64).ShouldBeClose(library.Average, 1e-5);
        ours.Square.to(float64).ShouldBeClose(library.Square, 1e-5);
        single.Gradients.abs().max().item<float>().ShouldBe(0);
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.NegativeInfinity, 477)]
    public void Step_should_move_nothing_when_a_gradient_is_not_finite(float gradient, int place)
    {
        using var scope = NewDisposeScope();
        using var parameters = new FlatParameters(Layers);
        using var adam = new FlatOptimizer(parameters);
        parameters.Gradients.fill_(1f);
        parameters.Gradients[place] = gradient;

        adam.Step(1, 1e-2, 0.9).ShouldBeFalse();

        parameters.ToArray().ShouldAllBe(value => value == 0);
        FlatParameters.Copy(adam.Mean).ShouldAllBe(value => value == 0);
        FlatParameters.Copy(parameters.Gradients).ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Muon_should_move_a_kernel_along_all_its_directions_alike()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        using var parameters = new FlatParameters(Layers);
        using var muon = new FlatOptimizer(parameters, Optimizers.Muon);
        // Singular values from 1 to 1e-3; under Adam or plain descent the last would hardly move.
        var (u, _, v) = linalg.svd(randn([7, 45], generator: generator), fullMatrices: false);
        var gradient = u.mm(diag(logspace(0, -3, 7))).mm(v);
        parameters.Gradients.narrow(0, 140, 315).copy_(gradient.view(-1));

        muon.Step(1, 1e-2, 0).ShouldBeTrue();

        var moved = parameters.Values.narrow(0, 140, 315).view(7, 45);
        var along = linalg.svdvals(moved);
        // 0.2 · rate · √45 times singular values of about 1 (0.68 to 1.21 where the five steps have converged; the smallest is on its way).
        var length = 0.2 * 1e-2 * Math.Sqrt(45);
        along[0].item<float>().ShouldBeInRange((float)(0.6 * length), (float)(1.25 * length));
        along[6].item<float>().ShouldBeGreaterThan((float)(0.2 * length));
        (moved * gradient).sum().item<float>().ShouldBeLessThan(0);
    }
}
