using Grainy.Core.Weights.Containers;

namespace Grainy.Core.Weights;

/// <summary>Turns the names and shapes of a file into those of the known weights.</summary>
internal static class WeightNames
{
    /// <summary>
    /// The tensors under torchvision's names. Whole classifiers carry layers that no metric uses; a file of the features alone may lack their prefix; E-LPIPS
    /// writes its heads as <c>[1, 1, C, 1]</c>.
    /// </summary>
    public static IReadOnlyList<PendingTensor> Canonical(IReadOnlyList<PendingTensor> tensors, string source)
    {
        var result = new Dictionary<string, PendingTensor>(StringComparer.Ordinal);
        foreach (var tensor in tensors.Where(tensor => !tensor.Name.StartsWith("classifier.", StringComparison.Ordinal)))
        {
            var name = tensor.Name is [>= '0' and <= '9', ..] ? "features." + tensor.Name : tensor.Name;
            var isHead = name.StartsWith("lin", StringComparison.Ordinal) && tensor.Shape is [1, 1, _, 1];
            if (!result.TryAdd(name, isHead ? tensor with { Name = name, Shape = [1, tensor.Shape[2], 1, 1] } : tensor with { Name = name }))
            {
                throw new WeightFormatException($"'{source}' holds '{Printable.Of(name)}' under two names; get the official file.");
            }
        }

        return [.. result.Values];
    }

    /// <summary>Kernels from E-LPIPS' order (height, width, in, out) to torchvision's (out, in, height, width); they are not flipped.</summary>
    public static IReadOnlyList<PendingTensor> FromHeightWidthInOut(IReadOnlyList<PendingTensor> tensors) =>
        [.. tensors.Select(tensor => tensor.Shape.Length == 4 ? Transposed(tensor) : tensor)];

    private static PendingTensor Transposed(PendingTensor tensor)
    {
        var (height, width, input, output) = (tensor.Shape[0], tensor.Shape[1], tensor.Shape[2], tensor.Shape[3]);
        return new PendingTensor(tensor.Name, [output, input, height, width], () =>
        {
            var result = new float[tensor.Count];
            StridedNumbers.Gather(tensor.Load(), [output, input, height, width], [1, output, width * input * output, input * output], result);
            return result;
        });
    }
}
