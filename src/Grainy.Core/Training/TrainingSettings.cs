using Grainy.Core.Denoising;

namespace Grainy.Core.Training;

/// <summary>What a training run needs; with <see cref="Steps"/> it can be repeated bit for bit on the same device with the same number of threads.</summary>
public sealed record TrainingSettings
{
    /// <summary>How to learn, one of <see cref="TrainingMethods"/>. Default: blind-spot.</summary>
    public string Method { get; init; } = TrainingMethods.BlindSpot;

    /// <summary>What the method <c>blind-spot</c> needs; other methods ignore it.</summary>
    public BlindSpotSettings BlindSpot { get; init; } = new();

    /// <summary>What the methods <c>noise2noise</c> and <c>noise2clean</c> need; other methods ignore it.</summary>
    public Noise2NoiseSettings Noise2Noise { get; init; } = new();

    /// <summary>What the method <c>neighbor2neighbor</c> needs; other methods ignore it.</summary>
    public Neighbor2NeighborSettings Neighbor2Neighbor { get; init; } = new();

    /// <summary>What the method <c>noise2void</c> needs; other methods ignore it.</summary>
    public Noise2VoidSettings Noise2Void { get; init; } = new();

    /// <summary>Size of the network, one of <see cref="NetworkPresets"/>. Default: compact.</summary>
    public string Preset { get; init; } = NetworkPresets.Compact;

    /// <summary>Compute time in seconds, 1 to 86,400; the learning rate's schedule is stretched over it. Either this or <see cref="Steps"/>. Default: 120.</summary>
    public double? BudgetSeconds { get; init; }

    /// <summary>Number of optimiser steps, 1 to 100 million. Either this or <see cref="BudgetSeconds"/>.</summary>
    public long? Steps { get; init; }

    /// <summary>Standard deviation of the Gaussian noise on the images' own scale; null: estimated from each image.</summary>
    public double? NoiseSigma { get; init; }

    /// <summary>Seed of every random stream of the run.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Side of the square training crops in pixels, 32 to 512; a multiple of 32. Default: 64.</summary>
    public int CropSize { get; init; } = 64;

    /// <summary>Crops per optimiser step, 1 to 64. Default: 4.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>
    /// Largest step size of the optimiser during the run, above 0 and at most 0.1; null: 3e-3 for Muon, 2e-3 for Adam on the smaller networks, 3e-4 (the paper's) for Adam on
    /// the full one, and half of it (Adam: a fifth) when it starts from a trained model, which larger steps would undo.
    /// </summary>
    public double? LearningRate { get; init; }

    /// <summary>How a step is made of a gradient, one of <see cref="Optimizers"/>; null: Muon, but Adam (the papers') for full networks.</summary>
    public string? Optimizer { get; init; }

    /// <summary>
    /// Start from this model's weights instead of random ones; its preset and channels must fit. The general denoiser can also start from one of a smaller preset, which
    /// then grows.
    /// </summary>
    public DenoiserModel? StartFrom { get; init; }

    /// <summary>Share of the old in each step of the moving average of the weights, which is what is exported: 0 to 0.9999. Default: 0.99.</summary>
    public double AverageDecay { get; init; } = 0.99;

    /// <summary>How the step size rises and falls, one of <see cref="LearningRateSchedules"/>; null: Laine's for the full network, short for the smaller ones.</summary>
    public string? Schedule { get; init; }

    /// <summary>The step size in force.</summary>
    internal double EffectiveLearningRate => LearningRate
        ?? (EffectiveOptimizer == Optimizers.Muon ? Rate(3e-3, 0.5) : Rate(Preset == NetworkPresets.Full ? 3e-4 : 2e-3, 0.2));

    /// <summary>The optimiser in force.</summary>
    internal string EffectiveOptimizer => Optimizer ?? (Preset == NetworkPresets.Full ? Optimizers.Adam : Optimizers.Muon);

    /// <summary>The schedule in force.</summary>
    internal string EffectiveSchedule => Schedule ?? (Preset == NetworkPresets.Full ? LearningRateSchedules.Laine : LearningRateSchedules.Quick);

    /// <summary>Throws when a value makes no sense; returns the settings, with a budget of 120 s when neither budget nor steps are given.</summary>
    /// <exception cref="ArgumentException">One sentence that says which and why.</exception>
    public TrainingSettings Validated()
    {
        Check(TrainingMethods.All.Contains(Method), $"There is no method '{Method}'; choose {string.Join(", ", TrainingMethods.All)}.");
        BlindSpot.Validate();
        Noise2Noise.Validate();
        Neighbor2Neighbor.Validate();
        Noise2Void.Validate();
        Check(NetworkPresets.All.Contains(Preset), $"There is no network preset '{Preset}'; choose {string.Join(" or ", NetworkPresets.All)}.");
        Check(
            Preset != NetworkPresets.Medium || Method == TrainingMethods.BlindSpot,
            $"The preset {NetworkPresets.Medium} is for blind-spot networks; for {Method} choose {NetworkPresets.Compact} or {NetworkPresets.Full}.");
        Check(BudgetSeconds is null || Steps is null, "Give either a time budget or a number of steps, not both.");
        Check(BudgetSeconds is null or (>= 1 and <= 86_400), $"A time budget of {BudgetSeconds} s is out of range; give 1 to 86,400 seconds.");
        Check(Steps is null or (>= 1 and <= 100_000_000), $"{Steps} steps are out of range; give 1 to 100,000,000.");
        Check(
            NoiseSigma is null or (> 0 and < 1e6),
            $"A noise of σ = {NoiseSigma} is out of range; give a positive number on the scale of the image, or none to estimate it.");
        Check(NoiseSigma is null || BlindSpot.Noise is null, "Give either the σ of Gaussian noise or a noise model, not both.");
        Check(CropSize is >= 32 and <= 512 && CropSize % 32 == 0, $"A crop of {CropSize} px does not fit; give a multiple of 32 between 32 and 512.");
        Check(BatchSize is >= 1 and <= 64, $"{BatchSize} crops per step are out of range; give 1 to 64.");
        Check(LearningRate is null or (> 0 and <= 0.1), $"A learning rate of {LearningRate} is out of range; give a number above 0 and at most 0.1.");
        Check(
            Schedule is null || LearningRateSchedules.All.Contains(Schedule),
            $"There is no schedule '{Schedule}'; choose {string.Join(", ", LearningRateSchedules.All)}.");
        Check(Optimizer is null || Optimizers.All.Contains(Optimizer), $"There is no optimizer '{Optimizer}'; choose {string.Join(" or ", Optimizers.All)}.");
        Check(AverageDecay is >= 0 and <= 0.9999, $"A memory of {AverageDecay} for the average of the weights is out of range; give 0 to 0.9999.");
        return BudgetSeconds is null && Steps is null ? this with { BudgetSeconds = 120 } : this;

        static void Check(bool holds, string otherwise)
        {
            if (!holds)
            {
                throw new ArgumentException(otherwise);
            }
        }
    }

    private double Rate(double fromScratch, double share) => fromScratch * (StartFrom is null ? 1 : share);
}
