using Grainy.Core.Weights.Pickles;

namespace Grainy.Core.Weights.Containers;

/// <summary>The format of PyTorch 1.6 and later: a zip archive with a pickle of the tensors and one entry per storage.</summary>
internal static class ZipCheckpoint
{
    private const string TensorList = "data.pkl";
    private const int LargestList = 4 << 20;

    public static IReadOnlyList<PendingTensor> List(ByteSource bytes)
    {
        var source = bytes.Name;
        var archive = new StoredZip(bytes);
        var lists = archive.Entries.Keys.Where(name => name.EndsWith("/" + TensorList, StringComparison.Ordinal)).ToArray();
        var root = lists is [var single] ? single[..^TensorList.Length] : throw TorchCheckpoint.Damaged(source);
        if (archive.Find(root + "byteorder") is { } order && !bytes.Read(order.Start, (int)Math.Min(16, order.Length)).AsSpan().SequenceEqual("little"u8))
        {
            throw new WeightFormatException($"'{source}' is in big-endian order; save it again on a little-endian machine.");
        }

        var list = archive.Find(lists[0])!;
        if (list.Length > LargestList)
        {
            throw new WeightFormatException($"'{source}' lists more tensors than any known file of weights; get the official file.");
        }

        var constructors = new TorchConstructors(source);
        var reader = new PickleReader(bytes, list.Start, list.Start + list.Length, constructors);
        var content = reader.Read();
        foreach (var storage in constructors.Storages.Values)
        {
            var entry = archive.Entries.GetValueOrDefault($"{root}data/{storage.Key}") ?? throw TorchCheckpoint.Damaged(source);
            if (entry.Length / storage.Format.Size() != storage.Count || entry.Length % storage.Format.Size() != 0)
            {
                throw TorchCheckpoint.Damaged(source);
            }
        }

        return TorchCheckpoint.Assemble(content, key => archive.Find($"{root}data/{key}")!.Start, bytes);
    }
}
