using System.Security.Cryptography;
using System.Text;

namespace Grainy.Contracts;

/// <summary>A workspace: people, their rights, and lists of what they own.</summary>
[GenerateSerializer, Immutable, Alias("grainy.workspace-id")]
public readonly record struct WorkspaceId([property: Id(0)] string Value)
{
    /// <summary>The workspace that exists from the first start.</summary>
    public static WorkspaceId Main => new("main");

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>An account.</summary>
[GenerateSerializer, Immutable, Alias("grainy.user-id")]
public readonly record struct UserId([property: Id(0)] string Value)
{
    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>A set of images.</summary>
[GenerateSerializer, Immutable, Alias("grainy.dataset-id")]
public readonly record struct DatasetId([property: Id(0)] string Value)
{
    /// <summary>A new id, ordered by time.</summary>
    public static DatasetId New() => new(NewId.For("ds"));

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>One image of a dataset.</summary>
[GenerateSerializer, Immutable, Alias("grainy.image-id")]
public readonly record struct ImageId([property: Id(0)] string Value)
{
    /// <summary>A new id, ordered by time.</summary>
    public static ImageId New() => new(NewId.For("im"));

    /// <summary>The id of what a job makes at a <paramref name="place"/> of its own: the same in each attempt, so that no result is added twice.</summary>
    public static ImageId Of(JobId job, string place) => new(NewId.From("im", $"{job}/{place}"));

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>A trained denoiser.</summary>
[GenerateSerializer, Immutable, Alias("grainy.model-id")]
public readonly record struct ModelId([property: Id(0)] string Value)
{
    /// <summary>A new id, ordered by time.</summary>
    public static ModelId New() => new(NewId.For("mo"));

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>One piece of work on a device.</summary>
[GenerateSerializer, Immutable, Alias("grainy.job-id")]
public readonly record struct JobId([property: Id(0)] string Value)
{
    /// <summary>A new id, ordered by time.</summary>
    public static JobId New() => new(NewId.For("job"));

    /// <summary>The id of work that is the same for everybody who asks by this name, so that its answer is found again.</summary>
    public static JobId Of(string name) => new(NewId.From("job", name));

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>Two images that are looked at and measured together.</summary>
[GenerateSerializer, Immutable, Alias("grainy.comparison-id")]
public readonly record struct ComparisonId([property: Id(0)] string Value)
{
    /// <summary>A new id, ordered by time.</summary>
    public static ComparisonId New() => new(NewId.For("cmp"));

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>A chain of images between two images.</summary>
[GenerateSerializer, Immutable, Alias("grainy.blend-id")]
public readonly record struct BlendId([property: Id(0)] string Value)
{
    /// <summary>A new id, ordered by time.</summary>
    public static BlendId New() => new(NewId.For("bl"));

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>A live room.</summary>
[GenerateSerializer, Immutable, Alias("grainy.session-id")]
public readonly record struct SessionId([property: Id(0)] string Value)
{
    /// <summary>A new id, ordered by time.</summary>
    public static SessionId New() => new(NewId.For("se"));

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>One accelerator of one silo: <c>{silo}/{device}</c>, for example <c>local/cpu</c>.</summary>
[GenerateSerializer, Immutable, Alias("grainy.device-id")]
public readonly record struct DeviceId([property: Id(0)] string Value)
{
    /// <summary>Joins the silo's configured name and the device's name.</summary>
    public static DeviceId Of(string silo, string device) => new($"{silo}/{device}");

    /// <inheritdoc />
    public override string ToString() => Value;
}

internal static class NewId
{
    /// <summary>The same id for the same name, in the shape of all ids.</summary>
    public static string From(string prefix, string name) => $"{prefix}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16))}";

    /// <summary>Time-ordered prefix and 80 random bits; the prefix keeps ids readable in logs and never looks like a number.</summary>
    public static string For(string prefix) =>
        $"{prefix}-{Convert.ToHexStringLower(Guid.CreateVersion7().ToByteArray(bigEndian: true).AsSpan(0, 6))}{RandomNumberGenerator.GetHexString(20, lowercase: true)}";
}
