namespace Grainy.Grains.Blending;

/// <summary>A bounded list of frames, the latest asked for at the end.</summary>
[GrainType("blend-shard")]
internal sealed class BlendShardGrain([PersistentState("frames")] IPersistentState<BlendShardRecord> state) : Grain, IBlendShardGrain
{
    /// <summary>Frames of one shard.</summary>
    public const int Most = 128;

    public Task<RememberedFrame?[]> FindAsync(string[] keys)
    {
        var found = keys.Select(key => Array.Find(state.State.Frames, frame => frame.Key == key)).ToArray();
        // The order is stored with the next frame; to lose it costs nothing but a worse guess at what will be asked for.
        state.State = new BlendShardRecord { Frames = [.. state.State.Frames.Except(found)!, .. found.OfType<RememberedFrame>().Distinct()] };
        return Task.FromResult(found);
    }

    public Task RememberAsync(RememberedFrame frame)
    {
        state.State = new BlendShardRecord { Frames = [.. state.State.Frames.Where(other => other.Key != frame.Key).Append(frame).TakeLast(Most)] };
        return state.WriteStateAsync();
    }
}

/// <summary>What a shard stores.</summary>
internal sealed record BlendShardRecord
{
    public RememberedFrame[] Frames { get; init; } = [];
}
