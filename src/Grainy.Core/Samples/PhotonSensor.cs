using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Samples;

/// <summary>A camera that counts photons: Poisson noise of the light, Gaussian noise of the electronics.</summary>
/// <param name="FullScale">Electrons at value 1.</param>
/// <param name="ReadNoise">Standard deviation in electrons.</param>
internal sealed record PhotonSensor(double FullScale, double ReadNoise)
{
    /// <summary>One exposure of <paramref name="scene"/>, clipped to [0, 1] as an integer file would clip it.</summary>
    public ImageBuffer Expose(ImageBuffer scene, ulong seed, int frame)
    {
        var random = CounterRandom.For(seed, "samples.exposure", frame);
        var planes = new float[scene.Planes.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            var electrons = random.NextPoisson(Math.Max(0, scene.Planes[i]) * FullScale) + (ReadNoise * random.NextNormal());
            planes[i] = (float)Math.Clamp(electrons / FullScale, 0, 1);
        }

        return new ImageBuffer(scene.Channels, scene.Height, scene.Width, planes);
    }
}
