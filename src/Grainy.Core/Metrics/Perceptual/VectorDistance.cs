using Grainy.Core.Convolutions;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Distances of pictures to references by our own vector code, with what the way back needs.</summary>
/// <param name="network">Borrowed.</param>
/// <param name="heads">Weights of the channels of each layer.</param>
/// <param name="references">With maps; valid until the way back has been gone.</param>
/// <param name="own">The references are freed after it; otherwise they are borrowed.</param>
internal sealed class VectorDistance(FeatureNetwork network, float[][] heads, ReferenceFeatures references, bool own) : IDisposable
{
    private TracedPass? _pass;
    private double[] _distances = [];

    /// <summary>Distances without a way back.</summary>
    /// <param name="images">Scaled as the network takes them; borrowed.</param>
    /// <param name="dropout">Of the same draws as the references' was; null for none.</param>
    /// <returns>Reference after reference, one for each picture.</returns>
    public double[] Measure(FeatureMap images, BernoulliDropout? dropout)
    {
        _distances = new double[references.Count * images.Count];
        network.Run(images, dropout, Add);
        return _distances;
    }

    /// <summary>The same with a way back.</summary>
    /// <param name="images">Owned from now on.</param>
    /// <param name="dropout">Of the same draws as the references' was; null for none.</param>
    public double[] Forward(FeatureMap images, BernoulliDropout? dropout)
    {
        _distances = new double[references.Count * images.Count];
        _pass?.Dispose();
        _pass = network.Trace(images, dropout, Add);
        return _distances;
    }

    /// <summary>Goes back, once.</summary>
    /// <param name="factors">Of the distances, in their order.</param>
    /// <returns>The gradient with respect to the images; the caller owns it.</returns>
    public FeatureMap Back(float[] factors)
    {
        var pass = _pass ?? throw new InvalidOperationException("The way back from a distance can be gone once only.");
        using var all = this;
        return pass.Back(map =>
        {
            var (layer, values, add) = (map.Layer, map.Values, map.Gradient is not null);
            map.Gradient ??= new FeatureMap(values.Count, values.Height, values.Width, values.Channels);
            UnitComparison.Gradient(values, references.Maps![layer], references.InverseLengths![layer], heads[layer], factors, map.Gradient, add, map.IsRectified);
        });
    }

    /// <summary>Frees what is kept for the way back.</summary>
    public void Dispose()
    {
        _pass?.Dispose();
        _pass = null;
        if (own)
        {
            references.Dispose();
        }
    }

    private void Add(int layer, FeatureMap features)
    {
        var means = UnitComparison.Means(features, references.Maps![layer], references.InverseLengths![layer], heads[layer]);
        for (var i = 0; i < means.Length; i++)
        {
            _distances[i] += means[i];
        }
    }
}
