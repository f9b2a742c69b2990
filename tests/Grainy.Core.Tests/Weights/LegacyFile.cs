using static Grainy.Core.Tests.Weights.PickleBytes;

namespace Grainy.Core.Tests.Weights;

/// <summary>Writes checkpoints as PyTorch before 1.6 did.</summary>
internal static class LegacyFile
{
    private static readonly byte[] Magic = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>Everything before the values.</summary>
    public static byte[] Head(IReadOnlyList<(string Name, long[] Shape)> tensors, bool littleEndian = true)
    {
        byte[] facts =
        [
            .. Protocol, (byte)'}', (byte)'(', .. Text("protocol_version"), .. Integer(1001),
            .. Text("little_endian"), littleEndian ? (byte)0x88 : (byte)0x89, (byte)'u', (byte)'.',
        ];
        var items = tensors.SelectMany((tensor, number) => (byte[])[.. Text(tensor.Name), .. Tensor($"{1000 + number}", tensor.Shape)]);
        byte[] dictionary = [.. Protocol, .. Global("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'(', .. items, (byte)'u', (byte)'.'];
        byte[] keys = [.. Protocol, (byte)']', (byte)'(', .. tensors.SelectMany((_, number) => Text($"{1000 + number}")), (byte)'e', (byte)'.'];
        return [.. Magic, .. Protocol, .. Integer(1001), (byte)'.', .. facts, .. dictionary, .. keys];
    }

    /// <summary>A whole small file.</summary>
    public static byte[] Of(params (string Name, long[] Shape, float[] Values)[] tensors) =>
    [
        .. Head([.. tensors.Select(tensor => (tensor.Name, tensor.Shape))]),
        .. tensors.SelectMany(tensor => BitConverter.GetBytes((long)tensor.Values.Length).Concat(tensor.Values.SelectMany(LittleEndian))),
    ];

    /// <summary>A file of any size, value by value; tensors without values become holes of zeros that take no room on the disk.</summary>
    public static void Write(string path, IReadOnlyList<(string Name, long[] Shape, Func<float[]>? Values)> tensors)
    {
        using var file = File.Create(path);
        file.Write(Head([.. tensors.Select(tensor => (tensor.Name, tensor.Shape))]));
        foreach (var (_, shape, values) in tensors)
        {
            var count = shape.Aggregate(1L, (product, size) => product * size);
            file.Write(BitConverter.GetBytes(count));
            if (values is null)
            {
                file.SetLength(file.Position + (4 * count));
                file.Position = file.Length;
            }
            else
            {
                file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values().AsSpan()));
            }
        }
    }
}
