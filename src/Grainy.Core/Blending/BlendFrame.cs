using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>One frame while it is computed: the picture that moves, and the best one so far.</summary>
internal sealed class BlendFrame(BlendTarget target) : IDisposable
{
    public BlendTarget Target => target;

    /// <summary>Set while a level is worked at.</summary>
    public BlendOptimizer? Optimizer { get; private set; }

    /// <summary>The best picture so far, <c>[1, 3, H, W]</c> of the working size; null before there is any.</summary>
    public Tensor? Best { get; private set; }

    /// <summary>Level at which <see cref="Best"/> was optimised; the pictures themselves are of the working size.</summary>
    public int BestLevel { get; private set; }

    /// <summary>Energy of <see cref="Best"/> at the working size, with its error.</summary>
    public (double Energy, double Error) Energy { get; private set; }

    /// <summary>Energy of the picture that was offered last.</summary>
    public double LastEnergy { get; private set; }

    /// <summary>Energy of the pixel mix.</summary>
    public double MixEnergy { get; set; }

    /// <summary>Kind of start, see <see cref="BlendStarts"/>.</summary>
    public int Start { get; set; } = BlendStarts.Plain;

    /// <summary>Steps so far.</summary>
    public int StepsDone { get; set; }

    /// <summary>What the rate of the schedule is multiplied with; halved whenever steps turn out too large.</summary>
    public double Caution { get; set; } = 1;

    /// <summary>How often in a row next to nothing was gained.</summary>
    public int Stalls { get; set; }

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
    /// <param name="share">Of the best energy so far: above it the picture is not better enough.</param>
    /// <returns>True where it was.</returns>
    public bool Offer(Tensor picture, int level, (double Energy, double Error) energy, double share = 1)
    {
        LastEnergy = energy.Energy;
        if (Best is not null && energy.Energy >= share * Energy.Energy)
        {
            return false;
        }

        using var scope = NewDisposeScope();
        Best?.Dispose();
        Best = picture.detach().clone().DetachFromDisposeScope();
        (BestLevel, Energy) = (level, energy);
        return true;
    }

    /// <summary>Takes a picture whether it is better or not.</summary>
    /// <param name="picture">Copied.</param>
    public void Take(Tensor picture, (double Energy, double Error) energy)
    {
        Best?.Dispose();
        Best = null;
        Offer(picture, 0, energy);
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
