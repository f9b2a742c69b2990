namespace Grainy.Core.Tests.Denoising;

/// <summary>Random predictions, observations and noise of many pixels, as rows for the program and as pixels for <see cref="PixelFormulas"/>.</summary>
internal sealed class GaussianDraw
{
    private readonly int _pixels;

    public GaussianDraw(int outputs, int pixels, int seed)
    {
        _pixels = pixels;
        var random = new Random(seed);
        var channels = outputs == 2 ? 1 : 3;
        Prediction = Rows(outputs, -0.16, 0.24);
        Observed = Rows(channels, -0.4, 0.6);
        Noise = Rows(channels, 0.0004, 0.04);
        Spread = Rows(channels, 0.0004, 0.04);

        double[][] Rows(int count, double low, double high) =>
            [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, pixels).Select(_ => low + ((high - low) * random.NextDouble())).ToArray())];
    }

    public double[][] Prediction { get; }

    public double[][] Observed { get; }

    public double[][] Noise { get; }

    public double[][] Spread { get; }

    public PixelFormulas this[int pixel] => new(Column(Prediction, pixel), Column(Observed, pixel), Column(Noise, pixel), Column(Spread, pixel));

    public double Average(Func<PixelFormulas, double> formula) => Enumerable.Range(0, _pixels).Average(pixel => formula(this[pixel]));

    /// <summary>The channels of all pixels, row after row, like a tensor [C, P].</summary>
    public float[] Rows(Func<PixelFormulas, double[]> formula)
    {
        var columns = Enumerable.Range(0, _pixels).Select(pixel => formula(this[pixel])).ToArray();
        return [.. Enumerable.Range(0, Observed.Length).SelectMany(channel => columns.Select(column => (float)column[channel]))];
    }

    private static double[] Column(double[][] rows, int pixel) => [.. rows.Select(row => row[pixel])];
}
