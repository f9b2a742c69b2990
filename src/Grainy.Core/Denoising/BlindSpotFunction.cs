using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>Puts a <see cref="BlindSpotPass"/> into the graph of the tensor library: takes the pass and the parameters layer by layer, gives the prediction.</summary>
internal sealed class BlindSpotFunction : autograd.SingleTensorFunction<BlindSpotFunction>
{
    public override string Name => "BlindSpot";

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var pass = (BlindSpotPass)vars[0];
        ctx.save_data("pass", pass);
        ctx.save_data("shapes", vars.Skip(1).Select(parameter => ((Tensor)parameter).shape).ToArray());
        return pass.Forward();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var flat = ((BlindSpotPass)ctx.get_data("pass")).Backward(grad_output);
        var gradients = new List<Tensor> { null! };
        var offset = 0L;
        foreach (var shape in (long[][])ctx.get_data("shapes"))
        {
            var count = shape.Aggregate(1L, (product, size) => product * size);
            gradients.Add(flat.narrow(0, offset, count).view(shape));
            offset += count;
        }

        return gradients;
    }
}
