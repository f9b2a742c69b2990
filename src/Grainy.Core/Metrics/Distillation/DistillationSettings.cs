using Grainy.Core.Weights;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>How the built-in perceptual network is trained.</summary>
public sealed record DistillationSettings
{
    /// <summary>Seconds to train; used when <see cref="Steps"/> is null.</summary>
    public double BudgetSeconds { get; init; } = 900;

    /// <summary>Steps to train; the same number gives the same network on the same machine. Null: <see cref="BudgetSeconds"/> decides.</summary>
    public long? Steps { get; init; }

    /// <summary>Seed of the first weights, the patches and the distortions.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Pairs per step, a multiple of 8: each kind of distortion gets the same share; a quarter more are denoised or attacked ones.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Side of the patches in pixels, 64 to 128, a multiple of 8; every third step takes patches of 128.</summary>
    public int PatchSize { get; init; } = 64;

    /// <summary>Largest step length; it falls to zero along a cosine.</summary>
    public double LearningRate { get; init; } = 1.5e-3;

    /// <summary>A network of an earlier training to go on from, as <see cref="DistillationResult.Weights"/> hands it out; null: random weights.</summary>
    public IReadOnlyDictionary<string, WeightTensor>? StartFrom { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    public DistillationSettings Validated()
    {
        Require(BudgetSeconds > 0, nameof(BudgetSeconds), BudgetSeconds, "The budget must be positive.");
        Require(Steps is null or > 0, nameof(Steps), Steps, "The number of steps must be positive.");
        Require(BatchSize > 0 && BatchSize % 8 == 0, nameof(BatchSize), BatchSize, "The batch must be a positive multiple of 8.");
        Require(PatchSize is >= 64 and <= 128 && PatchSize % 8 == 0, nameof(PatchSize), PatchSize, "The patch must be a multiple of 8 between 64 and 128 pixels.");
        Require(LearningRate > 0, nameof(LearningRate), LearningRate, "The learning rate must be positive.");
        return this;
    }

    private static void Require(bool holds, string name, object? value, string message)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, message);
        }
    }
}
