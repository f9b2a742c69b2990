using System.Collections.Concurrent;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Weights;
using Grainy.Grains.Images;

namespace Grainy.Grains.Blending;

/// <summary>What a blend begins with: its distance, and images that lie over each other. Pixels are read and moved on the pool.</summary>
internal sealed class BlendInputs(WeightStore weights, ImageBlobs blobs, TimeProvider clock)
{
    private const int MostKept = 64;
    private readonly ConcurrentDictionary<string, Lazy<Task<FittedImages>>> _fitted = new();

    /// <summary>The distance that settings mean on this server.</summary>
    public string MetricOf(BlendSettings settings) => settings.Metric ?? BlendMetrics.Default(weights);

    /// <summary>As <see cref="MetricOf"/>; refused with a sentence when it cannot be used here.</summary>
    public string RequireMetric(BlendSettings settings)
    {
        try
        {
            return BlendMetrics.Require(settings.Metric, weights);
        }
        catch (Exception error) when (error is MetricInputException or WeightFormatException)
        {
            throw new RefusedException(Refusal.Invalid, error.Message);
        }
    }

    public async Task<FittingReport> CheckAsync(ImageInfo[] infos)
    {
        var report = BlendAlignment.Examine(await LoadAsync(infos));
        var advice = !report.SameSize ? ImageFitting.Crop : report.IsShifted ? ImageFitting.Align : ImageFitting.None;
        return new FittingReport(report.SameSize, report.IsShifted, [.. report.Words.Select(words => Named(words, infos))], advice);
    }

    /// <summary>The images made to fit; what was made once is not made again.</summary>
    public async Task<FittedImages> FitAsync(ImageInfo[] infos, ImageFitting fitting)
    {
        if (fitting == ImageFitting.None)
        {
            RequireSame(infos);
            return new FittedImages(infos, []);
        }

        // Only for some hours: pixels that no stored state refers to are thrown away in the end.
        var key = $"{clock.GetUtcNow().Ticks / (6 * TimeSpan.TicksPerHour)}/{fitting}/{string.Join('/', infos.Select(info => $"{info.Pixels.Sha256}:{info.Name}"))}";
        if (_fitted.Count >= MostKept)
        {
            _fitted.Clear();
        }

        var fitted = _fitted.GetOrAdd(key, _ => new Lazy<Task<FittedImages>>(() => Task.Run(() => MakeAsync(infos, fitting))));
        try
        {
            return await fitted.Value;
        }
        catch
        {
            _fitted.TryRemove(new(key, fitted));
            throw;
        }
    }

    private async Task<FittedImages> MakeAsync(ImageInfo[] infos, ImageFitting fitting)
    {
        var images = await LoadAsync(infos);
        AlignedImages result;
        try
        {
            result = fitting switch
            {
                ImageFitting.Crop => BlendAlignment.Crop(images),
                ImageFitting.Fit => BlendAlignment.Fit(images),
                _ => BlendAlignment.Align(images),
            };
        }
        catch (MetricInputException error)
        {
            throw new RefusedException(Refusal.Invalid, error.Message);
        }

        var made = new ImageInfo[infos.Length];
        for (var i = 0; i < made.Length; i++)
        {
            var image = result.Images[i];
            made[i] = ReferenceEquals(image, images[i])
                ? infos[i]
                : infos[i] with { Pixels = await blobs.SavePixelsAsync(image, CancellationToken.None), Width = image.Width, Height = image.Height, Channels = image.Channels };
        }

        return new FittedImages(made, [.. result.Words.Select(words => Named(words, infos))]);
    }

    private async Task<ImageBuffer[]> LoadAsync(ImageInfo[] infos)
    {
        var images = await Task.WhenAll(infos.Select(info => blobs.LoadAsync(info.Pixels, CancellationToken.None)));
        return Array.TrueForAll(images, image => image.Channels == images[0].Channels) ? images : Array.ConvertAll(images, Coloured);
    }

    private static ImageBuffer Coloured(ImageBuffer image) => image.Channels == 3
        ? image
        : new ImageBuffer(3, image.Height, image.Width, [.. image.Planes, .. image.Planes, .. image.Planes]);

    private static void RequireSame(ImageInfo[] infos)
    {
        if (Array.Find(infos, info => (info.Width, info.Height) != (infos[0].Width, infos[0].Height)) is { } other)
        {
            throw new RefusedException(
                Refusal.Invalid,
                $"'{infos[0].Name}' is {infos[0].Width} × {infos[0].Height} and '{other.Name}' is {other.Width} × {other.Height}; to blend them, crop them to their middle or fit them to the first.");
        }
    }

    /// <summary>Puts names where the sentence has numbers.</summary>
    private static string Named(string words, ImageInfo[] infos)
    {
        for (var i = infos.Length; i >= 1; i--)
        {
            words = words.Replace($"Image {i} ", $"'{infos[i - 1].Name}' ", StringComparison.Ordinal)
                .Replace($"image {i} ", $"'{infos[i - 1].Name}' ", StringComparison.Ordinal)
                .Replace($"image {i}.", $"'{infos[i - 1].Name}'.", StringComparison.Ordinal);
        }

        return words;
    }
}
