using System.Text;
using Grainy.Core.Weights.Containers;

namespace Grainy.Core.Weights.Pickles;

/// <summary>A NumPy type, as far as its name and byte order go.</summary>
internal sealed class NumpyType(string name)
{
    public string Name { get; } = name;

    public bool LittleEndian { get; set; } = true;
}

/// <summary>A NumPy array whose state arrives after it was made.</summary>
internal sealed class NumpyArray
{
    public long[] Shape { get; set; } = [];

    /// <summary>The numbers as little-endian float32; shared with the pickle.</summary>
    public byte[]? Bytes { get; set; }

    /// <summary>True when the first axis runs fastest in <see cref="Bytes"/>.</summary>
    public bool ColumnOrder { get; set; }

    /// <summary>Content of an array of Python objects.</summary>
    public List<object?>? Objects { get; set; }
}

/// <summary>What a pickled NumPy array may construct: arrays, their types, and byte strings.</summary>
/// <param name="budget">Bytes that all byte strings together may have: no more than the file has.</param>
internal sealed class NumpyConstructors(string source, long budget) : IPickleConstructors
{
    private const int MostAxes = 8;

    private long _left = budget;

    public object? Call(string global, object?[] arguments) => (global, arguments) switch
    {
        ("numpy.core.multiarray _reconstruct" or "numpy._core.multiarray _reconstruct", [PickleGlobal { Name: "numpy ndarray" }, ..]) => new NumpyArray(),
        ("numpy dtype", [string name, ..]) => new NumpyType(name),
        ("_codecs encode", [string text, "latin1"]) => Encode(text),
        _ => throw new WeightFormatException(
            $"'{source}' asks to run '{Printable.Of(global.Replace(' ', '.'))}', which no file of weights needs; "
            + "nothing was run and nothing was imported. Get the official file."),
    };

    public void Build(object? target, object? state)
    {
        switch (target, state)
        {
            case (NumpyType type, object?[] { Length: >= 2 } facts) when facts[1] is string order:
                type.LittleEndian = order is "<" or "|" or "=";
                break;
            case (NumpyArray array, object?[] { Length: 5 } facts) when facts is [long, object?[] shape, NumpyType type, bool columnOrder, var content]:
                Fill(array, shape, type, columnOrder, content);
                break;
            default:
                throw Damaged();
        }
    }

    public object? Persistent(object? id) => throw Damaged();

    private void Fill(NumpyArray array, object?[] shape, NumpyType type, bool columnOrder, object? content)
    {
        array.Shape = shape.Length <= MostAxes ? [.. shape.Select(size => size as long? ?? throw Damaged())] : throw Damaged();
        switch (content)
        {
            case List<object?> objects when type.Name is "O8" or "O4" or "O":
                array.Objects = objects;
                break;
            case byte[] or string when type is { Name: "f4", LittleEndian: true }:
                array.Bytes = content as byte[] ?? Encode((string)content);
                array.ColumnOrder = columnOrder;
                break;
            default:
                throw new WeightFormatException(
                    $"'{source}' holds an array of the type '{Printable.Of(type.Name)}' or in an order that no known file of weights has; get the official file.");
        }
    }

    // A text costs nothing to name again and again, but its bytes do. Python 2 wrote them as a text in the first place.
    private byte[] Encode(string text) => (_left -= text.Length) >= 0 ? Encoding.Latin1.GetBytes(text) : throw Damaged();

    private WeightFormatException Damaged() => new($"'{source}' is no valid file of weights: its arrays are damaged; fetch it again.");
}
