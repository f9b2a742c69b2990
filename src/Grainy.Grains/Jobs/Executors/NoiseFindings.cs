using Grainy.Contracts.Datasets;
using Grainy.Contracts.Training;
using Grainy.Core.Noise;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Gathers what images tell one after the other, and ends in a result for the wire.</summary>
/// <param name="images">All images, in their order.</param>
/// <param name="pixels">Of all images.</param>
internal sealed class NoiseFindings(IReadOnlyList<ImageRef> images, long pixels)
{
    private const int MostPoints = 24;

    private readonly SortedDictionary<int, ImageNoise> _images = [];
    private readonly SortedDictionary<int, FrameNoise> _frames = [];
    private readonly List<ImageProblem> _problems = [];
    private readonly int[] _scenes = new int[images.Count];
    private int _scene;

    /// <summary>Pairs that were looked at in full.</summary>
    public int Pairs { get; private set; }

    public void Refuse(int place, string problem)
    {
        _problems.Add(new ImageProblem(images[place], problem));
        _scenes[place] = -1;
    }

    public void Add(int place, ImageNoise noise) => _images[place] = noise;

    /// <summary>The image shows another scene than the one before it.</summary>
    public void BeginScene(int place) => _scenes[place] = _scene++;

    public void Compare(int place, bool isOneScene)
    {
        if (isOneScene)
        {
            _scenes[place] = _scenes[place - 1];
        }
        else
        {
            BeginScene(place);
        }
    }

    public void Compare(int place, FrameNoise frames)
    {
        Pairs++;
        Compare(place, frames.IsOneScene);
        if (frames.IsOneScene)
        {
            _frames[place] = frames;
        }
    }

    public NoiseResult Conclude()
    {
        if (_images.Count == 0)
        {
            return new NoiseResult { Advice = NoiseAdvice.Stop, Reason = "None of these images can be trained on.", Problems = [.. _problems], Scenes = _scenes };
        }

        var usable = Enumerable.Range(0, images.Count).Where(place => _problems.TrueForAll(problem => problem.Image != images[place])).ToArray();
        var inScenes = usable.GroupBy(place => _scenes[place]).All(scene => scene.Count() > 1);
        var report = NoiseAnalysis.Conclude([.. _images.Values], [.. _frames.Values], usable.Length, pixels, framesOfOneScene: inScenes);
        var proposal = report.Proposal;
        return new NoiseResult
        {
            Advice = (NoiseAdvice)(int)proposal.Verdict,
            Method = proposal.Method,
            Noise = TrainingPlan.Choice(proposal.Model),
            Preset = proposal.Preset,
            Hole = proposal.Hole,
            MaskStructure = proposal.Structure,
            Reason = proposal.Reason,
            Warnings = [.. proposal.Warnings.Select(warning => new NoiseRemark(warning.Code, warning.Text))],
            Images = [.. _images.Select(image => Of(images[image.Key], image.Value))],
            Frames = [.. _frames.Select(pair => Of(images[pair.Key - 1], images[pair.Key], pair.Value))],
            Scenes = _scenes,
            Problems = [.. _problems],
            Curve = Curve(inScenes && _frames.Count > 0 ? _frames.Values.Select(frame => frame.Curve) : _images.Values.Select(image => image.Curve)),
        };
    }

    private static ImageFinding Of(ImageRef image, ImageNoise noise) => new()
    {
        Image = image,
        Sigma = noise.OverallSigma,
        Estimates =
        [
            Together(noise.Channels.Select(channel => channel.HighPass)), Together(noise.Channels.Select(channel => channel.Wavelet)),
            .. noise.Channels.All(channel => channel.Patches is not null) ? [Together(noise.Channels.Select(channel => channel.Patches!.Value))] : (double[])[],
        ],
        Variance = noise.Curve is { } curve ? new VarianceFit(curve.A, curve.AError, curve.B, curve.BError, curve.Scatter, curve.BlackLevel) : null,
        Lag = noise.Autocorrelation is { } correlation ? Of(correlation.Strongest) : null,
        IsCorrelated = noise.Autocorrelation?.IsCorrelated == true,
        Impulses = noise.Impulses,
        ClippedLow = noise.Spread.AtLowest,
        ClippedHigh = noise.Spread.AtHighest,
    };

    public static LagFinding Of(LagCorrelation lag) => new(lag.Dx, lag.Dy, lag.Value);

    private static FrameFinding Of(ImageRef first, ImageRef second, FrameNoise frames) => new(
        first, second, frames.Sigma, frames.Alignment.KnownX, frames.Alignment.KnownY, frames.Alignment.ShiftError, frames.Alignment.IsShifted,
        Math.Abs(frames.Alignment.Mean) > 1e-9 ? frames.Alignment.Drift / Math.Abs(frames.Alignment.Mean) : 0, frames.Alignment.IsDrifted);

    private static double Together(IEnumerable<double> sigmas) => Math.Sqrt(sigmas.Average(sigma => sigma * sigma));

    // Neighbouring bins of all curves together, each with the weight of its samples.
    private static VariancePoint[] Curve(IEnumerable<VarianceCurve?> curves)
    {
        var bins = curves.SelectMany(curve => curve?.Bins ?? []).OrderBy(bin => bin.Mean).ToArray();
        return bins.Length == 0 ? [] : [.. bins.Chunk((bins.Length + MostPoints - 1) / MostPoints).Select(chunk =>
        {
            var weight = chunk.Sum(bin => (double)bin.Samples);
            return new VariancePoint(chunk.Sum(bin => bin.Mean * bin.Samples) / weight, chunk.Sum(bin => bin.Variance * bin.Samples) / weight);
        })];
    }
}
