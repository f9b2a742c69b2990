using Grainy.Core.Denoising;
using Grainy.Core.Tensors;
using Grainy.Core.Training;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Training;

[LeavesNoTensors]
public sealed class FlatAdamTests
{
    // 3·5·9 + 5 = 140 parameters: not whole vectors.
    private static readonly LayerSpec[] Layers = [new("a", 3, 5, 3)];

    [Fact]
    public void Step_of_our_own_should_agree_with_the_librarys_in_double_precision()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var single = new FlatParameters(Layers);
        using var twice = new FlatParameters(Layers, type: float64);
        single.Initialise(new SeedSequence(1));
        twice.Load(single.ToArray());
        using var ours = new FlatAdam(single);
        using var library = new FlatAdam(twice);

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
    [InlineData(float.NegativeInfinity, 139)]
    public void Step_should_move_nothing_when_a_gradient_is_not_finite(float gradient, int place)
    {
        using var scope = NewDisposeScope();
        using var parameters = new FlatParameters(Layers);
        using var adam = new FlatAdam(parameters);
        parameters.Gradients.fill_(1f);
        parameters.Gradients[place] = gradient;

        adam.Step(1, 1e-2, 0.9).ShouldBeFalse();

        parameters.ToArray().ShouldAllBe(value => value == 0);
        FlatParameters.Copy(adam.Mean).ShouldAllBe(value => value == 0);
        FlatParameters.Copy(parameters.Gradients).ShouldAllBe(value => value == 0);
    }
}
