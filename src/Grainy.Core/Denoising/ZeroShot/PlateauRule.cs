namespace Grainy.Core.Denoising.ZeroShot;

/// <summary>
/// Decides from an error on held-out pixels when a training is done: after some checks without a new best the step size is halved; after the last halving the
/// training ends, and the weights of the best check count.
/// </summary>
/// <param name="patience">Checks without a new best that are borne.</param>
/// <param name="halvings">How often the step size is halved before the end.</param>
/// <param name="margin">Relative improvement below which a value is no new best.</param>
internal sealed class PlateauRule(int patience = 5, int halvings = 2, double margin = 2e-4)
{
    private int _waited;

    /// <summary>The lowest value so far.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    /// <summary>How often the step size has been halved.</summary>
    public int Halvings { get; private set; }

    /// <summary>True from the end on.</summary>
    public bool Ended { get; private set; }

    /// <summary>Factor on the first step size.</summary>
    public double Rate => Math.Pow(0.5, Halvings);

    /// <summary>Takes a new value; true when it is a new best.</summary>
    public bool Observe(double value)
    {
        var better = value < Best - (margin * Math.Abs(Best)) || (double.IsPositiveInfinity(Best) && double.IsFinite(value));
        if (better)
        {
            (Best, _waited) = (value, 0);
            return true;
        }

        if (++_waited >= patience)
        {
            _waited = 0;
            Ended = Halvings == halvings;
            Halvings += Ended ? 0 : 1;
        }

        return false;
    }
}
