using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Grainy.Contracts.Blending;
using Grainy.Core.Blending;
using Grainy.Grains.Metrics;
using BlendStage = Grainy.Contracts.Blending.BlendStage;
using BlendTarget = Grainy.Contracts.Blending.BlendTarget;

namespace Grainy.Grains.Blending;

/// <summary>
/// Frames that a workspace has computed before, found by the contents of the images and all settings that a frame depends on, whichever blend they come from.
/// Frames of a chain do not depend on each other: neither on how many there are, nor on images whose weight is 0.
/// </summary>
internal sealed class BlendMemory(IGrainFactory grains, MetricIdentity identity)
{
    private const int Shards = 32;

    /// <summary>The frame of a target as another blend computed it, with this blend's numbers; null when it is not known.</summary>
    public async Task<RememberedFrame?> FindAsync(BlendSnapshot blend, BlendTarget target)
    {
        if (await KeyAsync(blend, target) is not { } key)
        {
            return null;
        }

        var found = (await ShardAsync(blend, key, shard => shard.FindAsync([key])))[0];
        return found is null ? null : found with { Frame = found.Frame with { Index = target.Index, Weights = target.Weights, Weight = target.Weights[1], Remembered = true } };
    }

    /// <summary>Keeps a finished frame for other blends of this workspace.</summary>
    public async Task RememberAsync(BlendSnapshot blend, BlendTarget target, BlendFrame frame, BlendStage[] stages)
    {
        if (frame is { Final: true, Remembered: false } && await KeyAsync(blend, target) is { } key)
        {
            await ShardAsync(blend, key, async shard =>
            {
                await shard.RememberAsync(new RememberedFrame(key, frame, stages));
                return true;
            });
        }
    }

    private Task<T> ShardAsync<T>(BlendSnapshot blend, string key, Func<IBlendShardGrain, Task<T>> call)
    {
        var shard = int.Parse(key.AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % Shards;
        return Caller.AsAsync(Caller.System, () => call(grains.GetGrain<IBlendShardGrain>($"{blend.Workspace}/{shard:x2}")));
    }

    /// <summary>Null where nothing is to be kept: images themselves, frames with steps beyond the settings, metrics whose weights are gone.</summary>
    private async Task<string?> KeyAsync(BlendSnapshot blend, BlendTarget target)
    {
        if (target.Steps != 0 || target.Weights.Any(weight => weight >= 1) || await MetricAsync(blend.Metric) is not { } metric)
        {
            return null;
        }

        var settings = blend.Settings;
        var images = blend.Infos.Zip(target.Weights, (info, weight) => (info.Pixels.Sha256, Weight: weight));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{blend.Metric}/{metric}/{settings.Size}/{settings.StepsPerFrame}/{settings.Seed}/{settings.Reference}/");
        text.Append(CultureInfo.InvariantCulture, $"{blend.Infos.Min(info => info.DisplayBlack):R}/{blend.Infos.Max(info => info.DisplayWhite):R}/");
        if (settings.Path == BlendPath.Geodesic)
        {
            text.Append(CultureInfo.InvariantCulture, $"geodesic {target.Index} of {settings.Frames}/");
        }
        else
        {
            images = images.Where(image => image.Weight > 0);
        }

        foreach (var (sha, weight) in images)
        {
            text.Append(CultureInfo.InvariantCulture, $"{sha}:{weight:F9}/");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    // Squared errors have no weights, like PSNR.
    private Task<string?> MetricAsync(string metric) => metric == BlendMetrics.SquaredError ? identity.OfAsync("psnr") : identity.OfAsync(metric);
}
