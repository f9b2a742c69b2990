using System.Security.Cryptography;
using System.Text;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;

namespace Grainy.Grains.Tests.Kit;

internal static class TestImages
{
    public static ImageInfo Info(string name, int width = 64, int height = 64, int channels = 3) => new()
    {
        Id = ImageId.New(),
        Name = name,
        Original = Blob(name, "image/png"),
        Pixels = Blob(name + ".npy", "application/x-npy"),
        Width = width,
        Height = height,
        Channels = channels,
        BitDepth = 8,
        IsFloat = false,
        Format = "PNG",
        AddedAt = DateTimeOffset.UnixEpoch,
    };

    public static BlobRef Blob(string content, string mediaType = "application/octet-stream") =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))), content.Length, mediaType);
}
