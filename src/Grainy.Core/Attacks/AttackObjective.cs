using Grainy.Core.Images;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>What a search minimises besides its constraints, where it starts, and which pictures it may pass.</summary>
internal abstract class AttackObjective : IDisposable
{
    protected static readonly Scalar Lowest = 1e-5;
    protected static readonly Scalar Highest = 1 - 1e-5;

    /// <summary>Largest step of a sample at the beginning; it falls by a cosine.</summary>
    public abstract double LearningRate { get; }

    public static AttackObjective Of(AttackProblem problem) => problem.Settings.Goal == AttackGoal.Approach ? new ApproachObjective(problem) : new PushObjective(problem);

    /// <summary>True when the metric's distance is part of the objective, false when it is a constraint.</summary>
    public abstract bool Drives(AttackedMetric metric);

    /// <summary>The first picture <c>[1, 3, H, W]</c>; the caller owns it.</summary>
    public abstract Tensor Start();

    /// <summary>Factor of a driven distance's gradient.</summary>
    public abstract double Slope(double mean);

    /// <summary>Adds the gradient of what depends on the pixels alone.</summary>
    public abstract void Descend(Tensor rounded);

    /// <summary>PSNR to what the picture should resemble.</summary>
    public abstract double Psnr(Tensor rounded);

    /// <summary>Smaller is better; <paramref name="violation"/> above 0 when the picture breaks the budget.</summary>
    public abstract double Score(Tensor rounded, double[] means, out double violation);

    /// <summary>Moves the picture to the nearest one that is allowed, in place.</summary>
    public abstract void Project(Tensor picture);

    public abstract void Dispose();

    protected static double Error(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return (a.to(float64) - b).Squared().mean().item<double>();
    }

    protected static Tensor Constant(ImageBuffer image)
    {
        using var scope = NewDisposeScope();
        return image.ToTensor().to(float64).DetachFromDisposeScope();
    }
}
