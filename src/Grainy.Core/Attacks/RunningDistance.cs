namespace Grainy.Core.Attacks;

/// <summary>The mean of the last distances: of a random one over about twenty draws, of a deterministic one the last alone.</summary>
internal sealed class RunningDistance(bool isRandom)
{
    private readonly double _decay = isRandom ? 0.95 : 0;
    private double _sum;
    private double _weight;

    /// <summary>Not a number before the first distance.</summary>
    public double Mean => _sum / _weight;

    /// <summary>Takes one in and returns the mean; divided by the weights so far, so that the first ones count fully.</summary>
    public double Add(double distance)
    {
        (_sum, _weight) = ((_decay * _sum) + ((1 - _decay) * distance), (_decay * _weight) + (1 - _decay));
        return Mean;
    }
}
