using Grainy.Core.Corruption;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Tensors;

namespace Grainy.Core.Experiments;

/// <summary>
/// Scenes with as many noisy frames as they have: squares cut from clean images under frozen noise of a known kind, or from bursts of real frames. A frame is the same
/// however often it is asked for.
/// </summary>
public sealed class ExperimentScenes
{
    private readonly IReadOnlyList<(int Source, int Top, int Left)> _squares;
    private readonly IReadOnlyList<IReadOnlyList<ImageBuffer>> _sources;
    private readonly CorruptionSettings? _noise;
    private readonly int _side;
    private readonly ulong _seed;

    private ExperimentScenes(IReadOnlyList<IReadOnlyList<ImageBuffer>> sources, CorruptionSettings? noise, int side, ulong seed)
    {
        if (sources.Count == 0 || sources.Any(frames => frames.Any(frame => frame.Channels != sources[0][0].Channels)))
        {
            throw new ArgumentException("An experiment needs images, all grey or all RGB.");
        }

        (_sources, _noise, _side, _seed) = (sources, noise, side, seed);
        var squares = new List<(int, int, int)>();
        for (var source = 0; source < sources.Count; source++)
        {
            for (var top = 0; top + side <= sources[source][0].Height; top += side)
            {
                for (var left = 0; left + side <= sources[source][0].Width; left += side)
                {
                    squares.Add((source, top, left));
                }
            }
        }

        // A fixed shuffle: neighbouring squares of one image are alike, and a few scenes should not all come from it.
        var random = CounterRandom.For(seed, "experiment.scenes");
        _squares = [.. squares.Select(square => (Key: random.NextBits(), Square: square)).OrderBy(pair => pair.Key).Select(pair => pair.Square)];
    }

    /// <summary>Number of scenes.</summary>
    public int Count => _squares.Count;

    /// <summary>Frames of each scene; as many as wanted under known noise.</summary>
    public int Frames => _noise is null ? _sources.Min(frames => frames.Count) : int.MaxValue;

    /// <summary>The noise, where it is known.</summary>
    public NoiseModel? Noise { get; private init; }

    /// <summary>Scenes under frozen noise.</summary>
    /// <exception cref="ArgumentException">No images, mixed channels, or a noise that makes no sense: one sentence for people.</exception>
    public static ExperimentScenes OfClean(IReadOnlyList<ImageBuffer> images, CorruptionSettings noise, int side, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(noise);
        var model = noise.Validated().Strength.IsFixed ? Corruptor.Apply(new ImageBuffer(1, 1, 1, [0.5f]), noise, 0).Model : null;
        return new ExperimentScenes([.. images.Select(image => (IReadOnlyList<ImageBuffer>)[image])], noise, side, seed) { Noise = model };
    }

    /// <summary>Scenes from bursts: frames of one size, pixel on pixel.</summary>
    /// <exception cref="ArgumentException">A burst of fewer than three frames, of different sizes, or mixed channels: one sentence for people.</exception>
    public static ExperimentScenes OfBursts(IReadOnlyList<IReadOnlyList<ImageBuffer>> bursts, int side, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(bursts);
        return bursts.FirstOrDefault(frames => frames.Count < 3 || frames.Any(frame => !frame.HasSizeOf(frames[0]))) is { } bad
            ? throw new ArgumentException($"A burst of {bad.Count} frames does not serve: an experiment needs at least three frames of a scene, all of one size.")
            : new ExperimentScenes(bursts, null, side, seed);
    }

    /// <summary>A frame of a scene.</summary>
    public ImageBuffer Frame(int scene, int frame) =>
        _noise is null ? Cut(scene, frame) : Corruptor.Apply(Cut(scene, 0), _noise, new SeedSequence(_seed).Derive("experiment.noise", scene), frame).Image;

    /// <summary>A frame of a scene that has moved to the right or become brighter before the noise came.</summary>
    /// <exception cref="ArgumentException">The scenes are real frames, which cannot be moved without blurring their noise.</exception>
    public ImageBuffer Moved(int scene, int frame, double shift, double gain)
    {
        if (_noise is null)
        {
            throw new ArgumentException("Real frames cannot be moved without blurring their noise; give clean images for this experiment.");
        }

        return Corruptor.Apply(Resampling.Shifted(Cut(scene, 0), shift, gain), _noise, new SeedSequence(_seed).Derive("experiment.noise", scene), frame).Image;
    }

    /// <summary>The clean scene, where it is known.</summary>
    public ImageBuffer? Clean(int scene) => _noise is null ? null : Cut(scene, 0);

    /// <summary>The mean of frames <paramref name="from"/> and on.</summary>
    public ImageBuffer Mean(int scene, int from, int count)
    {
        var sum = new double[_sources[0][0].Channels * _side * _side];
        for (var frame = from; frame < from + count; frame++)
        {
            var planes = Frame(scene, frame).Planes;
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += planes[i];
            }
        }

        return new ImageBuffer(_sources[0][0].Channels, _side, _side, [.. sum.Select(value => (float)(value / count))]);
    }

    private ImageBuffer Cut(int scene, int frame)
    {
        var (source, top, left) = _squares[scene];
        var image = _sources[source][frame];
        var planes = new float[image.Channels * _side * _side];
        for (var row = 0; row < image.Channels * _side; row++)
        {
            image.Plane(row / _side).Slice(((top + (row % _side)) * image.Width) + left, _side).CopyTo(planes.AsSpan(row * _side));
        }

        return new ImageBuffer(image.Channels, _side, _side, planes);
    }
}
