using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Grainy.Core.Tests.Weights;

/// <summary>Pieces of pickles of protocol 2, to put files of weights together, right or wrong on purpose.</summary>
internal static class PickleBytes
{
    public static byte[] Protocol { get; } = [0x80, 2];

    public static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Global(string module, string name) => Encoding.ASCII.GetBytes($"c{module}\n{name}\n");

    public static byte[] Integer(long number)
    {
        var bytes = new BigInteger(number).ToByteArray();
        return [0x8a, (byte)bytes.Length, .. bytes];
    }

    public static byte[] Tuple(params byte[][] items) => [(byte)'(', .. items.SelectMany(item => item), (byte)'t'];

    public static byte[] Numbers(IEnumerable<long> numbers) => Tuple([.. numbers.Select(Integer)]);

    /// <summary>A tensor as PyTorch writes it, row-major from the start of its storage.</summary>
    public static byte[] Tensor(string storage, long[] shape, string type = "FloatStorage")
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var strides = shape.Select((_, axis) => shape.Skip(axis + 1).Aggregate(1L, (product, size) => product * size));
        byte[] id = [.. Tuple(Text("storage"), Global("torch", type), Text(storage), Text("cpu"), Integer(count)), (byte)'Q'];
        byte[] hooks = [.. Global("collections", "OrderedDict"), (byte)')', (byte)'R'];
        return [.. Global("torch._utils", "_rebuild_tensor_v2"), .. Tuple(id, Integer(0), Numbers(shape), Numbers(strides), [0x89], hooks), (byte)'R'];
    }

    /// <summary>An array as NumPy writes it: its bytes go through a text, because protocol 2 knows no bytes.</summary>
    public static byte[] Array(long[] shape, float[] values, bool columnOrder)
    {
        byte[] type = [.. Global("numpy", "dtype"), .. Tuple(Text("f4"), Integer(0), Integer(1)), (byte)'R',
            .. Tuple(Integer(3), Text("<"), [(byte)'N'], [(byte)'N'], [(byte)'N'], Integer(-1), Integer(-1), Integer(0)), (byte)'b'];
        var latin = Encoding.Latin1.GetString(values.SelectMany(LittleEndian).ToArray());
        byte[] content = [.. Global("_codecs", "encode"), .. Tuple(Text(latin), Text("latin1")), (byte)'R'];
        return
        [
            .. Global("numpy.core.multiarray", "_reconstruct"), .. Tuple(Global("numpy", "ndarray"), Numbers([0]), Text("b")), (byte)'R',
            .. Tuple(Integer(1), Numbers(shape), type, [columnOrder ? (byte)0x88 : (byte)0x89], content), (byte)'b',
        ];
    }

    public static byte[] LittleEndian(float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return bytes;
    }
}
