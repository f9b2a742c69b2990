using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>Puts <see cref="VectorLikelihood"/> into the graph of the tensor library: takes prediction, noise, observation and, or not, its spread; gives the loss.</summary>
internal sealed class LikelihoodFunction : autograd.SingleTensorFunction<LikelihoodFunction>
{
    public override string Name => "Likelihood";

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var inputs = vars.Cast<Tensor>().ToList();
        ctx.save_for_backward(inputs);
        return tensor((float)VectorLikelihood.Mean(inputs[0], inputs[2], inputs.ElementAtOrDefault(3), inputs[1]));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var inputs = ctx.get_saved_variables();
        var (prediction, noise) = (inputs[0], inputs[1]);
        var toPrediction = empty_like(prediction, requires_grad: false);
        var toNoise = noise.requires_grad ? empty([3, prediction.shape[1]], dtype: float32) : null;
        VectorLikelihood.Mean(prediction, inputs[2], inputs.ElementAtOrDefault(3), noise, toPrediction, toNoise);
        var gradients = new List<Tensor?>
        {
            (toPrediction * grad_output).MoveToOuterDisposeScope(),
            toNoise is null ? null : ((noise.dim() == 1 ? toNoise.sum([0]) : toNoise) * grad_output).MoveToOuterDisposeScope(),
        };
        gradients.AddRange(Enumerable.Repeat<Tensor?>(null, inputs.Count - gradients.Count));
        return gradients!;
    }
}
