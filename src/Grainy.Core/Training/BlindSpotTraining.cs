using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training;

/// <summary>
/// Trains a blind-spot network on noisy images alone (Laine et al. 2019, Gaussian noise). All members run on one thread, the device's own, and between slices
/// of <see cref="Run"/>.
/// </summary>
public sealed class BlindSpotTraining : IDisposable
{
    /// <summary>The smallest width and height that are accepted, in pixels.</summary>
    public const int SmallestSide = 32;

    private const double SliceSeconds = 0.25;
    private const int PreviewSide = 192;
    private const double LossMemory = 0.98;

    private static readonly string[] ArrayNames = ["weights", "average", "mean", "square"];

    private readonly TrainingSettings _settings;
    private readonly IReadOnlyList<ImageBuffer> _images;
    private readonly TimeProvider _clock;
    private readonly IntensityRange _range;
    private readonly double[] _sigmas;
    private readonly string? _general;
    private readonly ICropSource _crops;
    private readonly BlindSpotNetwork _network;
    private readonly FlatAdam _adam;
    private TrainingState _state = new(0, 0, 0, 0, 0, 0);
    private double _nextPreviewFraction;

    /// <summary>Prepares a run: estimates the noise where it is not given, makes the network, restores a checkpoint.</summary>
    /// <param name="settings">How to train.</param>
    /// <param name="images">Noisy images with equal channels, each at least 32 × 32 pixels, on any scale.</param>
    /// <param name="resumeFrom">Where to go on; null: from the start.</param>
    /// <param name="clock">For tests; null: the system's.</param>
    /// <exception cref="ArgumentException">Settings or images that cannot be trained with: one sentence for people.</exception>
    /// <exception cref="DenoiserFormatException">The checkpoint or the start model belongs to another network.</exception>
    public BlindSpotTraining(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, TrainingCheckpoint? resumeFrom = null, TimeProvider? clock = null)
        : this(settings, images, null, null, resumeFrom, clock)
    {
    }

    /// <summary>A general denoiser's training, when <paramref name="fresh"/> and its description are given.</summary>
    internal BlindSpotTraining(
        TrainingSettings settings,
        IReadOnlyList<ImageBuffer> images,
        ICropSource? fresh,
        string? general,
        TrainingCheckpoint? resumeFrom,
        TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        TrainingImages.Check(images);
        (_settings, _images, _general, _clock) = (settings.Validated(), images, general, clock ?? TimeProvider.System);
        _range = general is not null ? IntensityRange.Identity : RangeOf(_settings, images);
        _sigmas = [.. images.Select(SigmaOf)];
        var seeds = new SeedSequence(_settings.Seed);
        _crops = fresh ?? new CropSampler(
            [.. images.Select(_range.ToNetwork)], [.. _sigmas.Select(sigma => Math.Pow(sigma / _range.Scale, 2))], _settings.CropSize, _settings.BatchSize, seeds);
        _network = new BlindSpotNetwork(BlindSpotLayout.Of(_settings.Preset, images[0].Channels));
        Start(seeds);
        _adam = new FlatAdam(_network.Parameters);
        if (resumeFrom is not null)
        {
            Restore(resumeFrom);
        }
    }

    /// <summary>Noise assumed for each image, on the images' own scale.</summary>
    public IReadOnlyList<double> Sigmas => _sigmas;

    /// <summary>Trains to the end of the budget. Each step of the result takes about a quarter of a second or one optimiser step, whichever is longer.</summary>
    public IEnumerable<TrainingUpdate> Run(CancellationToken cancellationToken)
    {
        while (Fraction < 1)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var begun = _clock.GetTimestamp();
            var elapsedBefore = _state.ElapsedSeconds;
            var wantsPreview = false;
            do
            {
                Step();
                _state = _state with { ElapsedSeconds = elapsedBefore + _clock.GetElapsedTime(begun).TotalSeconds };
                wantsPreview = WantsPreview();
            }
            while (Fraction < 1 && !wantsPreview && _clock.GetElapsedTime(begun).TotalSeconds < SliceSeconds);
            yield return Report(wantsPreview ? Preview(PreviewSide) : null);
        }
    }

    /// <summary>The state after the last step, as one file's bytes; see <see cref="TrainingCheckpoint"/>.</summary>
    public byte[] Checkpoint() => new TrainingCheckpoint(_state, new Dictionary<string, float[]>
    {
        ["weights"] = _network.Parameters.ToArray(),
        ["average"] = FlatParameters.Copy(_adam.Average),
        ["mean"] = FlatParameters.Copy(_adam.Mean),
        ["square"] = FlatParameters.Copy(_adam.Square),
    }).ToBytes();

    /// <summary>The model as it is now: the moving average of the weights.</summary>
    public DenoiserModel Export() => new(
        new DenoiserSettings
        {
            Preset = _settings.Preset,
            Channels = _images[0].Channels,
            LowestSigma = _general is null ? _sigmas.Min() : BuiltInDenoiserTraining.LowestSigma,
            HighestSigma = _general is null ? _sigmas.Max() : BuiltInDenoiserTraining.HighestSigma,
            RangePerImage = _general is not null,
            RangeOffset = _range.Offset,
            RangeScale = _range.Scale,
            Steps = _state.Step,
            Seed = _settings.Seed,
        },
        FlatParameters.Copy(_adam.Average),
        _general is null
            ? ModelCard.ForTraining(_settings, _images, _sigmas, _state.Step, _state.ElapsedSeconds)
            : ModelCard.ForBuiltIn(_settings, _images, _general, _state.Step, _state.ElapsedSeconds));

    /// <summary>
    /// The middle of the first image as the current weights denoise it: a square of at most <paramref name="side"/> pixels, on the image's own scale.
    /// </summary>
    public ImageBuffer Preview(int side)
    {
        var stride = _network.Layout.Stride;
        var image = _images[0];
        side = Math.Min(side, Math.Min(image.Width, image.Height)) / stride * stride;
        var square = _range.ToNetwork(TrainingImages.Middle(image, Math.Max(side, stride)));
        return _range.FromNetwork(Denoiser.Tile(_network, square, _sigmas[0] / _range.Scale));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _adam.Dispose();
        _network.Dispose();
    }

    private double Fraction => _settings.Steps is { } steps
        ? Math.Min(1, _state.Step / (double)steps)
        : Math.Min(1, _state.ElapsedSeconds / _settings.BudgetSeconds!.Value);

    private void Step()
    {
        using var scope = NewDisposeScope();
        var (crops, variances) = _crops.Draw(_state.Step);
        var observed = GaussianLikelihood.Columns(crops, float32);
        var perPixel = variances.repeat_interleave(crops.shape[2] * crops.shape[3]);
        var loss = GaussianLikelihood.Loss(GaussianLikelihood.Columns(_network.Predict(crops), float32), observed, perPixel);
        loss.backward();
        // The end of this step, not its beginning, so that the first step is not lost and the last is the smallest.
        var fraction = _settings.Steps is { } steps ? (_state.Step + 1) / (double)steps : Math.Max(Fraction, 1e-3);
        var updates = _state.Updates + 1;
        var moved = _adam.Step(updates, _settings.EffectiveLearningRate * LearningRateSchedule.Factor(fraction), AverageDecay(updates));
        var value = loss.item<float>();
        _state = moved && float.IsFinite(value)
            ? _state with
            {
                Step = _state.Step + 1,
                Updates = updates,
                LossSum = (LossMemory * _state.LossSum) + value,
                LossWeight = (LossMemory * _state.LossWeight) + 1,
            }
            : _state with { Step = _state.Step + 1, Skipped = _state.Skipped + 1 };
    }

    // Short memory at first, so that the random start is forgotten at once.
    private static double AverageDecay(long updates) => Math.Min(0.99, updates / (updates + 10.0));

    // After 1, 2, 4, 8 … steps, when a picture changes fastest, then every twentieth of the run.
    private bool WantsPreview()
    {
        if (_state.Step < 64)
        {
            return long.IsPow2(_state.Step);
        }

        if (Fraction < _nextPreviewFraction)
        {
            return false;
        }

        _nextPreviewFraction = Fraction + 0.05;
        return true;
    }

    private TrainingUpdate Report(ImageBuffer? preview)
    {
        var fraction = Fraction;
        var steps = _settings.Steps ?? (long)Math.Ceiling(_state.Step / Math.Max(fraction, 1e-9));
        var eta = fraction > 0 ? _state.ElapsedSeconds * (1 - fraction) / fraction : (double?)null;
        return new TrainingUpdate(
            _state.Step, steps, _state.LossSum / Math.Max(_state.LossWeight, 1), fraction, _state.ElapsedSeconds, eta, _state.Skipped, preview);
    }

    private static IntensityRange RangeOf(TrainingSettings settings, IReadOnlyList<ImageBuffer> images) =>
        settings.StartFrom is { Settings.RangePerImage: false } start
            ? new IntensityRange(start.Settings.RangeOffset, start.Settings.RangeScale)
            : IntensityRange.Of(images);

    private double SigmaOf(ImageBuffer image) => _settings.NoiseSigma ?? (NoiseEstimator.TryEstimate(image)?.Sigma is > 0 and var estimate
        ? Math.Max(estimate, 1e-4 * _range.Scale)
        : throw new ArgumentException($"The noise of an image of {image.Width} × {image.Height} pixels could not be estimated; give its σ."));

    private void Start(SeedSequence seeds)
    {
        if (_settings.StartFrom is not { } start)
        {
            _network.Parameters.Initialise(seeds);
            return;
        }

        if ((start.Settings.Preset, start.Settings.Channels) != (_settings.Preset, _images[0].Channels))
        {
            _network.Dispose();
            throw new DenoiserFormatException(
                $"The model to start from is a {start.Settings.Preset} network of {start.Settings.Channels} channels; "
                + $"this training needs {_settings.Preset} with {_images[0].Channels}.");
        }

        _network.Parameters.Load(start.Weights);
    }

    private void Restore(TrainingCheckpoint checkpoint)
    {
        if (!ArrayNames.All(name => checkpoint.Arrays.TryGetValue(name, out var array) && array.Length == _network.Parameters.Count))
        {
            Dispose();
            throw new DenoiserFormatException("This checkpoint belongs to another network; start the training again.");
        }

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _network.Parameters.Load(checkpoint.Arrays["weights"]);
        _adam.Average.copy_(tensor(checkpoint.Arrays["average"]));
        _adam.Mean.copy_(tensor(checkpoint.Arrays["mean"]));
        _adam.Square.copy_(tensor(checkpoint.Arrays["square"]));
        _state = checkpoint.State;
    }
}
