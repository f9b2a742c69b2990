using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;
using Grainy.Web.Shared.ImageViewer;

namespace Grainy.Web.Features.Blending;

/// <summary>A chain of blends between two images and how far it is computed.</summary>
public sealed class BlendState(UserGrains grains, BlendId id)
{
    public BlendId Id => id;

    /// <summary>Null while loading.</summary>
    public BlendSnapshot? Blend { get; private set; }

    /// <summary>The same list as long as no picture changes.</summary>
    public IReadOnlyList<BlendPicture> Pictures { get; private set; } = [];

    public bool Computing => Blend?.JobState?.IsActive() == true;

    /// <summary>Frames between the ends that have reached their final stage.</summary>
    public int Done => Blend?.Frames.Count(frame => frame.Final && frame.Index > 0 && frame.Index < Blend.Settings.Frames - 1) ?? 0;

    /// <summary>Frames between the ends.</summary>
    public int Wanted => Blend is null ? 0 : Blend.Settings.Frames - 2;

    /// <summary>How far it is, in words.</summary>
    public string Headline
    {
        get
        {
            var text = $"{Done} of {Wanted} frames computed";
            return Computing && Blend?.Progress?.EtaSeconds is { } eta ? $"{text} · {Words.Duration(eta)} left" : text;
        }
    }

    public void Take(BlendSnapshot blend)
    {
        Blend = blend;
        var pictures = blend.Pictures();
        Pictures = pictures.SequenceEqual(Pictures) ? Pictures : pictures;
    }

    public Task ComputeAsync() => grains.DoAsync(g => g.Blend(id).ComputeAsync());

    public Task StopAsync() => grains.DoAsync(g => g.Blend(id).StopAsync());
}
