using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Training;
using Grainy.Web.Cluster;

namespace Grainy.Web.Features.Training;

/// <summary>A noisy image, what became of it, and the facts of both.</summary>
public sealed record ShownResult(DenoisedImage Pair, ImageInfo Noisy, ImageInfo Denoised)
{
    /// <summary>Reads the facts of a pair.</summary>
    public static async Task<ShownResult> ReadAsync(UserGrains grains, DenoisedImage pair) => new(
        pair,
        await grains.AskAsync(g => g.Dataset(pair.Noisy.Dataset).GetImageAsync(pair.Noisy.Image)),
        await grains.AskAsync(g => g.Dataset(pair.Denoised.Dataset).GetImageAsync(pair.Denoised.Image)));

    /// <summary>Makes a comparison of the pair and starts measuring it.</summary>
    public async Task<ComparisonId> CompareAsync(UserGrains grains, WorkspaceId workspace)
    {
        var comparison = ComparisonId.New();
        await grains.DoAsync(g => g.Comparison(comparison).CreateAsync(workspace, Pair.Noisy, Pair.Denoised));
        return comparison;
    }
}
