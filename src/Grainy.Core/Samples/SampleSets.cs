using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Samples;

/// <summary>Images to begin with: made by code from a seed, so that they need no files, no network and no licence. The same seed gives the same images.</summary>
public static class SampleSets
{
    private const double PhotoSigma = 25 / 255.0;

    /// <summary>All sets, in the order of a menu.</summary>
    public static IReadOnlyList<SampleSet> All { get; } =
    [
        new("stars", "Night sky", "24 exposures of one star field, 16 bit, with photon and read noise."),
        new("cells", "Cells", "Three fluorescence-like micrographs, 16 bit, with few photons."),
        new("box", "Ray-traced box", "One room rendered twice with 4 paths per pixel, 32-bit float."),
        new("photo", "Landscape", "A landscape with Gaussian noise of σ = 25, 32-bit float."),
    ];

    /// <summary>Makes the images of a set one by one, each when it is asked for; a set takes a few seconds of one processor.</summary>
    /// <param name="kind">One of <see cref="All"/>.</param>
    /// <param name="seed">Decides scene and noise.</param>
    /// <exception cref="ArgumentException">There is no such set.</exception>
    public static IEnumerable<SampleImage> Generate(string kind, ulong seed) => kind switch
    {
        "stars" => Stars(seed),
        "cells" => Cells(seed),
        "box" => Box(seed),
        "photo" => Photo(seed),
        _ => throw new ArgumentException($"There is no sample set '{kind}'; there are {string.Join(", ", All.Select(set => set.Kind))}.", nameof(kind)),
    };

    private static IEnumerable<SampleImage> Stars(ulong seed)
    {
        const int frames = 24;
        var sky = StarField.Render(seed);
        for (var i = 0; i < frames; i++)
        {
            yield return new SampleImage($"stars-{i + 1:00}.tif", StarField.Sensor.Expose(sky, seed, i), OutputFormat.Tiff16, sky);
        }
    }

    private static IEnumerable<SampleImage> Cells(ulong seed)
    {
        const int images = 3;
        for (var i = 0; i < images; i++)
        {
            var culture = CellCulture.Render(seed, i);
            yield return new SampleImage($"cells-{i + 1}.tif", CellCulture.Sensor.Expose(culture, seed, i), OutputFormat.Tiff16, culture);
        }
    }

    private static IEnumerable<SampleImage> Box(ulong seed)
    {
        const int paths = 4, referencePaths = 36;
        var scene = new BoxScene(seed);
        var reference = PathTracer.Render(scene, referencePaths, seed, stream: 0);
        yield return new SampleImage("box-a.tif", PathTracer.Render(scene, paths, seed, stream: 1), OutputFormat.Tiff32F, reference);
        yield return new SampleImage("box-b.tif", PathTracer.Render(scene, paths, seed, stream: 2), OutputFormat.Tiff32F, reference);
    }

    private static IEnumerable<SampleImage> Photo(ulong seed)
    {
        var clean = Landscape.Render(seed);
        yield return new SampleImage("landscape.tif", GaussianNoise.Corrupt(clean, PhotoSigma, seed), OutputFormat.Tiff32F, clean);
    }
}
