namespace Grainy.Core.Weights;

/// <summary>A file that was taken in.</summary>
/// <param name="Name">Which weights it holds.</param>
/// <param name="Path">Where they are now.</param>
/// <param name="Hash">Their <see cref="WeightHash"/>.</param>
public sealed record ImportedWeights(string Name, string Path, string Hash);

/// <summary>Takes official files of weights in: recognises them by their content, verifies, converts to safetensors.</summary>
public static class WeightImport
{
    private const long LargestFile = 1L << 30;

    /// <summary>Imports one file (.pth in both formats, .npy, .safetensors); its name does not matter.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">Where to put the result; made if missing. See <see cref="WeightStore.PersonalFolder"/>.</param>
    /// <exception cref="WeightFormatException">Damaged, hostile, or not one of <see cref="KnownWeights"/>.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static ImportedWeights Import(string path, string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var (known, tensors) = Recognise(path);
        Directory.CreateDirectory(folder);
        var destination = Path.Combine(folder, known.Name + ".safetensors");
        var temporary = Path.Combine(folder, $".{known.Name}.{Guid.NewGuid():N}.part");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                Safetensors.Write(tensors, stream, new Dictionary<string, string> { ["source"] = known.Source });
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, destination, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return new ImportedWeights(known.Name, destination, known.ContentHash);
    }

    /// <summary>Says which weights a file holds, without importing it.</summary>
    /// <exception cref="WeightFormatException">As above.</exception>
    public static (KnownWeight Known, IReadOnlyDictionary<string, WeightTensor> Tensors) Recognise(string path)
    {
        var tensors = Normalised(ReadAny(path));
        var alike = KnownWeights.All.Where(known => known.Fits(tensors)).ToArray();
        if (alike.Length == 0)
        {
            throw new WeightFormatException(
                $"'{path}' holds {tensors.Count} tensors whose names and shapes fit none of the weights that Grainy knows; "
                + "'grainy weights list' shows which those are.");
        }

        var hash = WeightHash.Of(tensors);
        var known = alike.FirstOrDefault(candidate => candidate.ContentHash == hash)
            ?? throw new WeightFormatException(
                $"'{path}' has the shapes of {alike[0].Name} but other numbers, "
                + $"so it would not give the published values; get the official file ({alike[0].Source}).");
        return (known, tensors);
    }

    private static IReadOnlyDictionary<string, WeightTensor> ReadAny(string path)
    {
        if (new FileInfo(path).Length > LargestFile)
        {
            throw new WeightFormatException($"'{path}' is larger than 1 GiB: no weights that Grainy knows are.");
        }

        var bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0)
        {
            throw new WeightFormatException($"'{path}' is empty; fetch it again.");
        }

        return TorchCheckpoint.IsZip(bytes) || TorchCheckpoint.IsLegacy(bytes) ? TorchCheckpoint.Read(bytes, path)
            : NpyPickle.IsNpy(bytes) ? NpyPickle.Read(bytes, path)
            : bytes.Length > 8 && bytes[8] == (byte)'{' ? Safetensors.Read(bytes, path)
            : throw new WeightFormatException($"'{path}' is no file of weights that Grainy can read; give a .pth, .npy or .safetensors file as it was downloaded.");
    }

    // Whole classifiers carry layers that no metric uses; a file of the features alone may lack their prefix; E-LPIPS writes kernels as height, width, in, out.
    private static Dictionary<string, WeightTensor> Normalised(IReadOnlyDictionary<string, WeightTensor> tensors)
    {
        var result = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors.Where(pair => !pair.Key.StartsWith("classifier.", StringComparison.Ordinal)))
        {
            var full = name is [>= '0' and <= '9', ..] ? "features." + name : name;
            var isHead = full.StartsWith("lin", StringComparison.Ordinal) && tensor.Shape is [1, 1, _, 1];
            result[full] = isHead ? new WeightTensor([1, tensor.Shape[2], 1, 1], tensor.Values) : tensor;
        }

        return result;
    }
}
