using Grainy.Core.Weights.Containers;

namespace Grainy.Core.Weights;

/// <summary>A file that was taken in.</summary>
/// <param name="Name">Which weights it holds.</param>
/// <param name="Path">Where they are now.</param>
/// <param name="Hash">Their <see cref="WeightHash"/>.</param>
/// <param name="Doubt">What could not be verified about them, for people; null when all was.</param>
public sealed record ImportedWeights(string Name, string Path, string Hash, string? Doubt);

/// <summary>
/// Takes official files of weights in: recognises them by their content, verifies, converts to safetensors. Names and shapes are judged before any value is read,
/// and only values that are kept are read: VGG-16's file of 528 MiB takes about 60 MB of memory.
/// </summary>
public static class WeightImport
{
    /// <summary>Imports one file (.pth in both formats, .npy, .safetensors); its name does not matter.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">Where to put the result; made if missing. See <see cref="WeightStore.PersonalFolder"/>.</param>
    /// <exception cref="WeightFormatException">Damaged, hostile, or not one of <see cref="KnownWeights"/>.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static ImportedWeights Import(string path, string folder) => Import(path, folder, KnownWeights.All);

    /// <summary>Says which weights a file holds, without importing it.</summary>
    /// <exception cref="WeightFormatException">As above.</exception>
    public static (KnownWeight Known, IReadOnlyDictionary<string, WeightTensor> Tensors) Recognise(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = new WeightFile(path);
        var found = Recognise(file, path, KnownWeights.All);
        return (found.Known, found.Tensors);
    }

    internal static ImportedWeights Import(string path, string folder, IReadOnlyList<KnownWeight> all, string? fileName = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        using var file = new WeightFile(path);
        var found = Recognise(file, path, all);
        Directory.CreateDirectory(folder);
        var destination = Path.Combine(folder, found.Known.Name + ".safetensors");
        var temporary = Path.Combine(folder, $".{found.Known.Name}.{Guid.NewGuid():N}.part");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                Safetensors.Write(found.Tensors, stream, WeightProvenance.Of(found with { FileName = fileName ?? found.FileName }));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, destination, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return new ImportedWeights(found.Known.Name, destination, found.Hash, found.Doubt);
    }

    private static RecognisedWeights Recognise(WeightFile file, string path, IReadOnlyList<KnownWeight> all)
    {
        var listed = WeightNames.Canonical(file.Tensors, path);
        var (alike, pending) = Fitting(listed);
        if (alike.Length == 0)
        {
            (alike, pending) = Fitting(WeightNames.FromHeightWidthInOut(listed));
        }

        if (alike.Length == 0)
        {
            throw new WeightFormatException(
                $"'{path}' holds {file.Tensors.Count} tensors whose names and shapes fit none of the weights that Grainy knows; "
                + "'grainy weights list' shows which those are.");
        }

        var fileHash = file.Sha256();
        var tensors = pending.ToDictionary(tensor => tensor.Name, tensor => tensor.Read(), StringComparer.Ordinal);
        var found = new RecognisedWeights(alike[0], tensors, WeightHash.Of(tensors), fileHash, Path.GetFileName(path), null);
        var unpublished = alike.FirstOrDefault(known => known.ContentHash is null);
        return alike.FirstOrDefault(known => known.ContentHash == found.Hash) is { } exact
            ? found with { Known = exact }
            : found with { Known = unpublished ?? alike[0], Doubt = WeightVerification.JudgeUnpublished(alike, found, file.Metadata, path) };

        (KnownWeight[] Alike, IReadOnlyList<PendingTensor> Tensors) Fitting(IReadOnlyList<PendingTensor> tensors)
        {
            var shapes = tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
            return ([.. all.Where(known => known.Fits(shapes))], tensors);
        }
    }
}
