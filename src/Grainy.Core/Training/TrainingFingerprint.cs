using System.Security.Cryptography;
using System.Text.Json;
using Grainy.Core.Images;

namespace Grainy.Core.Training;

/// <summary>Tells whether a checkpoint belongs to a training: a hash of all that decides its steps, but not of how many there are.</summary>
internal static class TrainingFingerprint
{
    private const int Every = 101; // enough to tell other images, and quick for many

    public static string Of(TrainingSettings settings, IReadOnlyList<TrainingScene> scenes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(settings with { StartFrom = null, Steps = null, BudgetSeconds = null }));
        foreach (var image in scenes.SelectMany(scene => scene.Reference is null ? scene.Frames : [.. scene.Frames, scene.Reference]))
        {
            Append(hash, image);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ImageBuffer image)
    {
        var sample = new byte[12 + (4 * ((image.Planes.Length / Every) + 1))];
        BitConverter.TryWriteBytes(sample, image.Width);
        BitConverter.TryWriteBytes(sample.AsSpan(4), image.Height);
        BitConverter.TryWriteBytes(sample.AsSpan(8), image.Channels);
        for (int from = 0, to = 12; from < image.Planes.Length; from += Every, to += 4)
        {
            BitConverter.TryWriteBytes(sample.AsSpan(to), image.Planes[from]);
        }

        hash.AppendData(sample);
    }
}
