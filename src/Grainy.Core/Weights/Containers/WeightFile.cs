using System.Security.Cryptography;

namespace Grainy.Core.Weights.Containers;

/// <summary>A file of weights in any of the known containers, told apart by its first bytes.</summary>
internal sealed class WeightFile : IDisposable
{
    private const long LargestFile = 1L << 30;
    private const int Piece = 1 << 20;

    private readonly FileSource _bytes;

    /// <summary>Opens the file and reads its list of tensors, not their values.</summary>
    public WeightFile(string path)
    {
        _bytes = new FileSource(path);
        try
        {
            (Tensors, Metadata) = List(_bytes);
        }
        catch
        {
            _bytes.Dispose();
            throw;
        }
    }

    public IReadOnlyList<PendingTensor> Tensors { get; }

    /// <summary>Free text by key; only safetensors carry any.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public long Length => _bytes.Length;

    /// <summary>SHA-256 of the whole file as lower-case hexadecimal digits.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Math.Min(Piece, _bytes.Length)];
        for (var done = 0L; done < _bytes.Length; done += piece.Length)
        {
            var part = piece.AsSpan(0, (int)Math.Min(piece.Length, _bytes.Length - done));
            _bytes.Read(done, part);
            hash.AppendData(part);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => _bytes.Dispose();

    private static (IReadOnlyList<PendingTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) List(FileSource bytes)
    {
        if (bytes.Length > LargestFile)
        {
            throw new WeightFormatException($"'{bytes.Name}' is larger than 1 GiB: no weights that Grainy knows are.");
        }

        if (bytes.Length == 0)
        {
            throw new WeightFormatException($"'{bytes.Name}' is empty; fetch it again.");
        }

        var start = bytes.Read(0, (int)Math.Min(16, bytes.Length));
        if (start.Length > 8 && start[8] == (byte)'{')
        {
            var header = SafetensorsHeader.Read(bytes);
            return (header.Tensors, header.Metadata);
        }

        var tensors = TorchCheckpoint.IsZip(start) || LegacyCheckpoint.IsLegacy(start) ? TorchCheckpoint.List(bytes)
            : NpyPickle.IsNpy(start) ? NpyPickle.List(bytes)
            : throw new WeightFormatException(
                $"'{bytes.Name}' is no file of weights that Grainy can read; give a .pth, .npy or .safetensors file as it was downloaded.");
        return (tensors, new Dictionary<string, string>());
    }
}
