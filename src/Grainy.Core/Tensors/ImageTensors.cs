using Grainy.Core.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Tensors;

/// <summary>The border between images and tensors; copies both ways.</summary>
internal static class ImageTensors
{
    /// <summary>A new tensor <c>[1, C, H, W]</c>, float32, on <paramref name="device"/>. The caller owns it.</summary>
    public static Tensor ToTensor(this ImageBuffer image, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var flat = tensor(image.Planes, [1, image.Channels, image.Height, image.Width]);
        return (device is null || device.type == DeviceType.CPU ? flat : flat.to(device)).MoveToOuterDisposeScope();
    }

    /// <summary>A new image from <c>[1, C, H, W]</c>, any float type and device. The tensor is borrowed.</summary>
    public static ImageBuffer ToImage(this Tensor tensor)
    {
        var shape = tensor.Require("1 C H W");
        using var scope = NewDisposeScope();
        var source = tensor.detach().to(float32).cpu().contiguous();
        var planes = new float[shape[1] * shape[2] * shape[3]];
        source.bytes.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(planes.AsSpan()));
        return new ImageBuffer((int)shape[1], (int)shape[2], (int)shape[3], planes);
    }

    /// <summary>
    /// The same values with channels-last strides, in which CPU convolutions run two to four times faster (measured: SqueezeNet 1.1 at 256², 8.6 against 32.9 ms).
    /// </summary>
    public static Tensor ChannelsLast(this Tensor tensor)
    {
        tensor.Require("N C H W");
        using var scope = NewDisposeScope();
        return tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
