using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>What was measured of images' noise, by their content: a choice with one image more or less measures only that one. Lives as long as the process.</summary>
internal sealed class NoiseMemory
{
    private const int Most = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Content, bool Lossy), ImageNoise> _known = [];
    private readonly Queue<(string Content, bool Lossy)> _order = new();

    /// <summary>The measurement of an image; takes about a second per million pixels where it is new.</summary>
    /// <param name="content">Hash of the pixels.</param>
    /// <param name="image">Read only where the measurement is new.</param>
    /// <param name="lossy">True when the file's format discards detail.</param>
    /// <exception cref="ArgumentException">The image cannot be measured: one sentence for people.</exception>
    public ImageNoise Of(string content, ImageBuffer image, bool lossy)
    {
        lock (_gate)
        {
            if (_known.TryGetValue((content, lossy), out var known))
            {
                return known;
            }
        }

        var measured = NoiseAnalysis.OfImage(image, lossy);
        lock (_gate)
        {
            if (_known.TryAdd((content, lossy), measured))
            {
                _order.Enqueue((content, lossy));
            }

            while (_order.Count > Most)
            {
                _known.Remove(_order.Dequeue());
            }
        }

        return measured;
    }
}
