namespace Grainy.Core.Noise;

/// <summary>Gathers products of noise samples and their neighbours.</summary>
internal sealed class AutocorrelationSums
{
    private static readonly (int Dx, int Dy)[] Lags =
    [
        .. from dy in Enumerable.Range(0, Autocorrelation.Range + 1)
           from dx in Enumerable.Range(-Autocorrelation.Range, (2 * Autocorrelation.Range) + 1)
           where dy > 0 || dx > 0
           select (dx, dy),
    ];

    private readonly double[] _products = new double[Lags.Length];
    private readonly double[] _squares = new double[Lags.Length];
    private readonly long[] _pairs = new long[Lags.Length];
    private readonly double[] _removed = new double[Lags.Length];
    private double _power;
    private double _removedPower;
    private long _samples;

    /// <summary>Adds a rectangle of samples with mean 0.</summary>
    /// <param name="rectangle">Row after row.</param>
    /// <param name="leverage">
    /// For residuals of a fit: the covariance that the fit of white noise of variance 1 took away between two samples, by their places; null where nothing was
    /// fitted.
    /// </param>
    public void Add(ReadOnlySpan<float> rectangle, int width, int height, FitLeverage? leverage = null)
    {
        foreach (var sample in rectangle)
        {
            _power += sample * (double)sample;
        }

        _samples += rectangle.Length;
        _removedPower += (leverage?.At(0, 0) ?? 0) * rectangle.Length;
        for (var lag = 0; lag < Lags.Length; lag++)
        {
            var (dx, dy) = Lags[lag];
            double products = 0, squares = 0;
            var (from, to) = (Math.Max(0, -dx), width - Math.Max(0, dx));
            for (var y = 0; y < height - dy; y++)
            {
                var here = rectangle.Slice(y * width, width);
                var there = rectangle.Slice((y + dy) * width, width);
                for (var x = from; x < to; x++)
                {
                    var product = (double)here[x] * there[x + dx];
                    products += product;
                    squares += product * product;
                }
            }

            var pairs = (long)Math.Max(0, to - from) * Math.Max(0, height - dy);
            _products[lag] += products;
            _squares[lag] += squares;
            _pairs[lag] += pairs;
            _removed[lag] += (leverage?.At(dx, dy) ?? 0) * pairs;
        }
    }

    /// <summary>The correlations; null where there is no power, or too few samples for the farthest lag.</summary>
    /// <param name="channelCorrelation">See <see cref="Autocorrelation"/>.</param>
    /// <param name="sigma">Standard deviation of the samples where they were scaled before; null: as they are.</param>
    /// <remarks>
    /// ρ = C(lag) / C(0), each with what the fit took away put back. Standard errors from the squares of the products, so that noise of changing strength is
    /// not taken for surer than it is.
    /// </remarks>
    public Autocorrelation? Result(double? channelCorrelation = null, double? sigma = null)
    {
        if (_power <= 0 || _pairs.Min() == 0)
        {
            return null;
        }

        var variance = _power / (_samples - _removedPower);
        var lags = Lags.Select((lag, i) => new LagCorrelation(
            lag.Dx, lag.Dy, ((_products[i] / variance) + _removed[i]) / _pairs[i], Math.Sqrt(_squares[i]) / variance / _pairs[i]));
        return new Autocorrelation([.. lags], channelCorrelation, sigma ?? Math.Sqrt(variance), (int)Math.Min(int.MaxValue, _samples));
    }
}
