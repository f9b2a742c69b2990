using Grainy.Contracts.Blending;

namespace Grainy.Grains.Blending;

/// <summary>A part of the frames that a workspace has computed already; only the system asks. Its key is <c>{workspace}/{shard}</c>: no workspace sees another's.</summary>
[Alias("grainy.blend-shard")]
internal interface IBlendShardGrain : IGrainWithStringKey
{
    /// <summary>What is known under each key, or null; at most 20 keys.</summary>
    [Alias("Find")]
    Task<RememberedFrame?[]> FindAsync(string[] keys);

    /// <summary>Keeps a frame. The ones not asked for the longest make room.</summary>
    [Alias("Remember")]
    Task RememberAsync(RememberedFrame frame);
}

/// <summary>A finished frame under the key of all that it depends on.</summary>
[GenerateSerializer, Immutable, Alias("grainy.remembered-frame.v1")]
internal sealed record RememberedFrame([property: Id(0)] string Key, [property: Id(1)] BlendFrame Frame, [property: Id(2)] BlendStage[] Stages);
