using Grainy.Core.Weights.Containers;

namespace Grainy.Core.Weights.Pickles;

/// <summary>The raw numbers that tensors of a checkpoint are cut from.</summary>
internal sealed record TorchStorage(string Key, FloatFormat Format, long Count);

/// <summary>A tensor of a checkpoint before its numbers are known.</summary>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Sizes, long[] Strides);

/// <summary>What the checkpoints of PyTorch may construct: tensors, their storages, ordered dictionaries and parameters.</summary>
internal sealed class TorchConstructors(string source) : IPickleConstructors
{
    private const int MostAxes = 8;
    private const int MostItems = 1 << 16;

    private int _items;

    /// <summary>Storages by key, in the order in which they were first named.</summary>
    public Dictionary<string, TorchStorage> Storages { get; } = new(StringComparer.Ordinal);

    public object? Call(string global, object?[] arguments) => (global, arguments) switch
    {
        ("collections OrderedDict", []) => new PickleDictionary(),
        ("collections OrderedDict", [List<object?> items]) => FromPairs(items),
        ("torch._utils _rebuild_tensor_v2", [TorchStorage storage, long offset, object?[] sizes, object?[] strides, ..]) =>
            new TorchTensor(storage, offset, Integers(sizes), Integers(strides)),
        ("torch._utils _rebuild_parameter", [TorchTensor tensor, ..]) => tensor,
        _ => throw new WeightFormatException(
            $"'{source}' asks to run '{Printable.Of(global.Replace(' ', '.'))}', which no file of weights needs; "
            + "nothing was run and nothing was imported. Get the official file."),
    };

    // PyTorch hangs a '_metadata' attribute on the dictionary; nothing in it is needed.
    public void Build(object? target, object? state)
    {
        if (target is not PickleDictionary)
        {
            throw new WeightFormatException($"'{source}' sets attributes of something that is no dictionary; nothing was imported. Get the official file.");
        }
    }

    public object? Persistent(object? id)
    {
        if (id is not object?[] { Length: >= 5 } parts || parts is not ["storage", PickleGlobal type, string key, string, long count, ..] || count < 0)
        {
            throw Damaged();
        }

        var format = FloatFormats.ForTorchStorage(type.Name)
            ?? throw new WeightFormatException(
                $"'{source}' holds numbers of the type '{Printable.Of(type.Name)}', which is no floating-point type; nothing known to Grainy does.");
        var storage = new TorchStorage(key, format, count);
        if (Storages.TryAdd(key, storage) || Storages[key] == storage)
        {
            return storage;
        }

        throw Damaged();
    }

    private PickleDictionary FromPairs(List<object?> items)
    {
        // A list costs nothing to name again and again, but copies of it do.
        if ((_items += items.Count) > MostItems)
        {
            throw Damaged();
        }

        var dictionary = new PickleDictionary();
        foreach (var item in items)
        {
            var pair = item switch
            {
                List<object?> { Count: 2 } list => list.ToArray(),
                object?[] { Length: 2 } tuple => tuple,
                _ => throw Damaged(),
            };
            dictionary.Items.Add(new(pair[0], pair[1]));
        }

        return dictionary;
    }

    private long[] Integers(object?[] items) => items.Length <= MostAxes ? [.. items.Select(item => item as long? ?? throw Damaged())] : throw Damaged();

    private WeightFormatException Damaged() => new($"'{source}' is no valid checkpoint: its list of tensors is damaged; fetch it again.");
}
