using System.Text;

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

    public float[]? Numbers { get; set; }

    /// <summary>Content of an array of Python objects.</summary>
    public List<object?>? Objects { get; set; }
}

/// <summary>What a pickled NumPy array may construct: arrays, their types, and byte strings.</summary>
internal sealed class NumpyConstructors(string source) : IPickleConstructors
{
    public object? Call(string global, object?[] arguments) => (global, arguments) switch
    {
        ("numpy.core.multiarray _reconstruct" or "numpy._core.multiarray _reconstruct", [PickleGlobal { Name: "numpy ndarray" }, ..]) => new NumpyArray(),
        ("numpy dtype", [string name, ..]) => new NumpyType(name),
        ("_codecs encode", [string text, "latin1"]) => Encoding.Latin1.GetBytes(text),
        _ => throw new WeightFormatException(
            $"'{source}' asks to run '{global.Replace(' ', '.')}', which no file of weights needs; "
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
        array.Shape = [.. shape.Select(size => size as long? ?? throw Damaged())];
        switch (content)
        {
            case List<object?> objects when type.Name is "O8" or "O4" or "O":
                array.Objects = objects;
                break;
            // Column order of an array with one long axis is the same order.
            case byte[] bytes when type is { Name: "f4", LittleEndian: true } && bytes.Length % 4 == 0
                && (!columnOrder || array.Shape.Count(size => size != 1) <= 1):
                array.Numbers = FloatFormat.Float32.Decode(bytes);
                break;
            default:
                throw new WeightFormatException(
                    $"'{source}' holds an array of the type '{type.Name}' or in an order that no known file of weights has; get the official file.");
        }
    }

    private WeightFormatException Damaged() => new($"'{source}' is no valid file of weights: its arrays are damaged; fetch it again.");
}
