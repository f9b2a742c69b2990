using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>One frame while it is computed: the picture that moves, and the best one so far.</summary>
internal sealed class BlendFrame(BlendTarget target) : IDisposable
{
    public BlendTarget Target => target;

    /// <summary>Set while a level is worked at.</summary>
    public BlendOptimizer? Optimizer { get; private set; }

    /// <summary>The best picture at its level, <c>[1, 3, h, w]</c>; null before there is any.</summary>
    public Tensor? Best { get; private set; }

    /// <summary>Level of <see cref="Best"/>.</summary>
    public int BestLevel { get; private set; }

    /// <summary>Energy of <see cref="Best"/> at the working size, with its error.</summary>
    public (double Energy, double Error) Energy { get; private set; }

    /// <summary>Energy of the pixel mix.</summary>
    public double MixEnergy { get; set; }

    /// <summary>Steps so far.</summary>
    public int StepsDone { get; set; }

    /// <summary>True when no more steps are wanted.</summary>
    public bool Done { get; set; }

    /// <summary>Begins at a level from a picture, which is copied.</summary>
    public void Begin(Tensor start, bool published)
    {
        Optimizer?.Dispose();
        Optimizer = new BlendOptimizer(start, published);
    }

    /// <summary>Keeps a picture if it is better than what there was.</summary>
    /// <param name="picture">Copied.</param>
    /// <returns>True where it was.</returns>
    public bool Offer(Tensor picture, int level, (double Energy, double Error) energy)
    {
        if (Best is not null && energy.Energy >= Energy.Energy)
        {
            return false;
        }

        using var scope = NewDisposeScope();
        Best?.Dispose();
        Best = picture.detach().clone().DetachFromDisposeScope();
        (BestLevel, Energy) = (level, energy);
        return true;
    }

    /// <summary>Ends the work at a level: the moving picture and its moments are freed.</summary>
    public void EndLevel()
    {
        Optimizer?.Dispose();
        Optimizer = null;
    }

    /// <summary>Frees all pictures.</summary>
    public void Dispose()
    {
        EndLevel();
        Best?.Dispose();
        Best = null;
    }
}
