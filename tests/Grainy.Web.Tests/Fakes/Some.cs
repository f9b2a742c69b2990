using System.Globalization;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;

namespace Grainy.Web.Tests.Fakes;

/// <summary>Plain examples.</summary>
internal static class Some
{
    public static BlobRef Blob(string name) => new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))), 1, "image/png");

    public static ImageInfo Image(string name, double? sigma = 0.1) => new()
    {
        Id = new ImageId($"im-{name}"),
        Name = name,
        Original = Blob(name),
        Pixels = Blob($"{name}.npy"),
        Width = 640,
        Height = 480,
        Channels = 3,
        BitDepth = 8,
        IsFloat = false,
        Format = "PNG",
        NoiseSigma = sigma,
        AddedAt = DateTimeOffset.UnixEpoch,
    };

    public static ImageInfo Image(int number) => Image(number.ToString("000", CultureInfo.InvariantCulture));

    public static JobSnapshot Job(string id, JobState state, JobProgress? progress = null) => new()
    {
        Id = new JobId(id),
        Workspace = WorkspaceId.Main,
        Title = "kodim07.png",
        State = state,
        Progress = progress,
        Attempt = 1,
        Device = new DeviceId("local/cpu"),
    };
}
