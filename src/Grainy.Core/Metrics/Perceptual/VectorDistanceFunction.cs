using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Puts a <see cref="VectorDistance"/> into the graph of the tensor library: takes it, the pictures and their dropout, gives the distances <c>[M, N]</c>.</summary>
internal sealed class VectorDistanceFunction : autograd.SingleTensorFunction<VectorDistanceFunction>
{
    public override string Name => "PerceptualDistance";

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (distance, images) = ((VectorDistance)vars[0], (Tensor)vars[1]);
        ctx.save_data("distance", distance);
        var distances = distance.Forward(ScaledPictures.Read(images), (BernoulliDropout?)vars[2]);
        return tensor(Array.ConvertAll(distances, value => (float)value), [distances.Length / images.shape[0], images.shape[0]]);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var gradient = ((VectorDistance)ctx.get_data("distance")).Back(grad_output.contiguous().data<float>().ToArray());
        return [null!, ScaledPictures.Gradient(gradient).MoveToOuterDisposeScope(), null!];
    }
}
