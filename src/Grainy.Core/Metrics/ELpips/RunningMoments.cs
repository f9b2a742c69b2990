namespace Grainy.Core.Metrics.ELpips;

/// <summary>Mean and variance of numbers that arrive one by one (Welford 1962), and the mean of the parts that each is the sum of.</summary>
internal sealed class RunningMoments
{
    private double _squares;
    private double[] _partSums = [];

    public int Count { get; private set; }

    public double Mean { get; private set; }

    /// <summary>With Bessel's correction; 0 for fewer than two numbers.</summary>
    public double Variance => Count < 2 ? 0 : _squares / (Count - 1);

    public double LayerMean(int part) => Count == 0 ? 0 : _partSums[part] / Count;

    public void Add(double[] parts)
    {
        var value = parts.Sum();
        Count++;
        var before = value - Mean;
        Mean += before / Count;
        _squares += before * (value - Mean);
        if (_partSums.Length == 0)
        {
            _partSums = new double[parts.Length];
        }

        for (var i = 0; i < parts.Length; i++)
        {
            _partSums[i] += parts[i];
        }
    }
}
