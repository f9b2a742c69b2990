using Grainy.Core.Denoising;
using Grainy.Core.Images;
using static TorchSharp.torch;

namespace Grainy.Core.Training;

/// <summary>
/// One training: steps, schedule, averages, previews, checkpoints, whatever the method. All members run on one thread, the device's own, and between slices of
/// <see cref="Run"/>.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    /// <summary>The smallest width and height that are accepted, in pixels.</summary>
    public const int SmallestSide = 32;

    private const double SliceSeconds = 0.25;
    private const int PreviewSide = 192;
    private const double LossMemory = 0.98;
    private const double ValidationShare = 0.02;

    private readonly TrainingSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ITrainingObjective _objective;
    private readonly FlatOptimizer _optimizer;
    private TrainingState _state = new(0, 0, 0, 0, 0, 0);
    private double _nextPreviewFraction;
    private double _nextValidationFraction;

    /// <summary>Prepares a run on single noisy images: estimates what is not given, makes the network, restores a checkpoint.</summary>
    /// <param name="settings">How to train.</param>
    /// <param name="images">Noisy images with equal channels, each at least 32 × 32 pixels, on any scale.</param>
    /// <param name="resumeFrom">Where to go on; null: from the start. A run that had ended goes on when its steps or its budget were raised.</param>
    /// <param name="clock">For tests; null: the system's.</param>
    /// <exception cref="ArgumentException">Settings or images that cannot be trained with: one sentence for people.</exception>
    /// <exception cref="DenoiserFormatException">The checkpoint or the start model belongs to another network.</exception>
    public TrainingRun(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, TrainingCheckpoint? resumeFrom = null, TimeProvider? clock = null)
        : this(settings, TrainingScene.OfSingles(images), resumeFrom, clock)
    {
    }

    /// <summary>Prepares a run on scenes with any number of exposures, as the method needs.</summary>
    /// <param name="settings">How to train.</param>
    /// <param name="scenes">What there is to learn from.</param>
    /// <param name="resumeFrom">Where to go on; null: from the start.</param>
    /// <param name="clock">For tests; null: the system's.</param>
    /// <param name="heldOut">
    /// Noisy images that are not trained on, for the method <c>blind-spot</c>: every fiftieth of the run the mean negative log likelihood of their pixels is reported as
    /// <see cref="TrainingUpdate.Validation"/>, the lower the better.
    /// </param>
    /// <exception cref="ArgumentException">Settings or images that cannot be trained with: one sentence for people.</exception>
    /// <exception cref="DenoiserFormatException">The checkpoint or the start model belongs to another network.</exception>
    public TrainingRun(
        TrainingSettings settings, IReadOnlyList<TrainingScene> scenes, TrainingCheckpoint? resumeFrom = null, TimeProvider? clock = null, IReadOnlyList<ImageBuffer>? heldOut = null)
        : this(
            Checked(settings),
            scenes is null ? throw new ArgumentNullException(nameof(scenes)) : TrainingObjectives.Create(Checked(settings), scenes, heldOut),
            resumeFrom,
            clock,
            TrainingFingerprint.Of(settings, scenes))
    {
    }

    /// <summary>A run towards an objective of its own, which it owns from here on.</summary>
    internal TrainingRun(
        TrainingSettings settings, ITrainingObjective objective, TrainingCheckpoint? resumeFrom, TimeProvider? clock, string? fingerprint = null)
    {
        (_settings, _objective, _clock) = (settings, objective, clock ?? TimeProvider.System);
        _optimizer = new FlatOptimizer(objective.Parameters, settings.EffectiveOptimizer);
        if (resumeFrom is not null)
        {
            try
            {
                _optimizer.Restore(resumeFrom.Arrays);
                if (fingerprint is not null && resumeFrom.State.Fingerprint is { } other && other != fingerprint)
                {
                    throw new DenoiserFormatException(
                        "This checkpoint belongs to a training with other settings or other images; repeat them (only steps and budget may change), or start again.");
                }
            }
            catch (DenoiserFormatException)
            {
                Dispose();
                throw;
            }

            _state = resumeFrom.State;
            _nextPreviewFraction = Fraction;
            _nextValidationFraction = Fraction + ValidationShare;
        }

        _state = _state with { Fingerprint = fingerprint };
    }

    /// <summary>Standard deviation of the noise assumed for each image, on the images' own scale; empty where the method assumes none.</summary>
    public IReadOnlyList<double> Sigmas => _objective.Sigmas;

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
            yield return Report(wantsPreview ? Preview(PreviewSide) : null, Validate());
        }
    }

    /// <summary>The state after the last step, as one file's bytes; see <see cref="TrainingCheckpoint"/>.</summary>
    public byte[] Checkpoint() => new TrainingCheckpoint(_state, _optimizer.Save()).ToBytes();

    /// <summary>The model as it is now: the moving average of the weights.</summary>
    public DenoiserModel Export() => WithAverage(() =>
        _objective.Export(FlatParameters.Copy(_optimizer.Average), new TrainingSummary(_state.Step, _state.ElapsedSeconds, _state.Skipped, _state.Curve ?? [])));

    /// <summary>
    /// The middle of the first image as the averaged weights denoise it: a square of at most <paramref name="side"/> pixels, on the image's own scale.
    /// </summary>
    public ImageBuffer Preview(int side) => WithAverage(() => _objective.Preview(side));

    /// <summary>
    /// How much of a step's gradient is signal: ‖mean‖² / trace of the covariance over <paramref name="batches"/> further batches, at the weights as they are now. The mean's
    /// own scatter is taken off, so that pure noise gives 0 on average. Nothing is learned from them.
    /// </summary>
    /// <param name="batches">At least 2; each costs as much as a step.</param>
    internal double GradientSignal(int batches)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 2);
        var sum = new double[_objective.Parameters.Count];
        var squares = 0.0;
        for (var batch = 0; batch < batches; batch++)
        {
            using var scope = NewDisposeScope();
            using var loss = _objective.Loss(_state.Step + batch, Math.Clamp(Fraction, 1e-3, 1));
            loss.backward();
            var gradient = FlatParameters.Copy(_objective.Parameters.Gradients);
            _objective.Parameters.Gradients.zero_();
            for (var i = 0; i < gradient.Length; i++)
            {
                sum[i] += gradient[i];
                squares += (double)gradient[i] * gradient[i];
            }
        }

        var mean = sum.Sum(value => value * value) / batches / batches;
        var scatter = (squares - (batches * mean)) / (batches - 1);
        return scatter > 0 ? (mean - (scatter / batches)) / scatter : 0;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _optimizer.Dispose();
        _objective.Dispose();
    }

    private static TrainingSettings Checked(TrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Validated();
    }

    private T WithAverage<T>(Func<T> work)
    {
        var current = _objective.Parameters.ToArray();
        _objective.Parameters.Load(FlatParameters.Copy(_optimizer.Average));
        try
        {
            return work();
        }
        finally
        {
            _objective.Parameters.Load(current);
        }
    }

    // Every fiftieth of the run, and at its end.
    private ValidationPoint? Validate()
    {
        if (Fraction < 1 && Fraction < _nextValidationFraction)
        {
            return null;
        }

        _nextValidationFraction = Fraction + ValidationShare;
        if (WithAverage(_objective.Validate) is not { } value)
        {
            return null;
        }

        var point = new ValidationPoint(_state.Step, _state.ElapsedSeconds, value);
        _state = _state with { Curve = [.. _state.Curve ?? [], point] };
        return point;
    }

    private double Fraction => _settings.Steps is { } steps
        ? Math.Min(1, _state.Step / (double)steps)
        : Math.Min(1, _state.ElapsedSeconds / _settings.BudgetSeconds!.Value);

    private void Step()
    {
        using var scope = NewDisposeScope();
        // The end of this step, not its beginning, so that the first step is not lost and the last is the smallest.
        var fraction = _settings.Steps is { } steps ? Math.Min(1, (_state.Step + 1) / (double)steps) : Math.Max(Fraction, 1e-3);
        var loss = _objective.Loss(_state.Step, fraction);
        loss.backward();
        var value = loss.to(float64).item<double>();
        var updates = _state.Updates + 1;
        // The average has a short memory at first, so that the random start is forgotten at once.
        var rate = _settings.EffectiveLearningRate * LearningRateSchedule.Factor(_settings.EffectiveSchedule, fraction);
        var moved = _optimizer.Step(updates, double.IsFinite(value) ? rate : double.NaN, Math.Min(_settings.AverageDecay, updates / (updates + 10.0)));
        _state = moved
            ? _state with
            {
                Step = _state.Step + 1,
                Updates = updates,
                LossSum = (LossMemory * _state.LossSum) + value,
                LossWeight = (LossMemory * _state.LossWeight) + 1,
            }
            : _state with { Step = _state.Step + 1, Skipped = _state.Skipped + 1 };
    }

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

    private TrainingUpdate Report(ImageBuffer? preview, ValidationPoint? validation)
    {
        var fraction = Fraction;
        var steps = _settings.Steps ?? (long)Math.Ceiling(_state.Step / Math.Max(fraction, 1e-9));
        var eta = fraction > 0 ? _state.ElapsedSeconds * (1 - fraction) / fraction : (double?)null;
        return new TrainingUpdate(
            _state.Step, steps, _state.LossSum / Math.Max(_state.LossWeight, 1), fraction, _state.ElapsedSeconds, eta, _state.Skipped, preview)
        { Validation = validation };
    }
}
