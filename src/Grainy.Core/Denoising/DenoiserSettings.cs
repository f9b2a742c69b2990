using Grainy.Core.Noise;

namespace Grainy.Core.Denoising;

/// <summary>What a saved denoiser says about itself, beside its weights (<c>settings.json</c>).</summary>
public sealed record DenoiserSettings
{
    /// <summary>Version of the file's layout that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of the file's layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>How it was trained, one of <c>TrainingMethods</c>. Files from before there was a choice say nothing: blind-spot.</summary>
    public string Method { get; init; } = "blind-spot";

    /// <summary>Kind of network, one of <see cref="NetworkKinds"/>; decides how images are denoised.</summary>
    public string Network { get; init; } = NetworkKinds.BlindSpot;

    /// <summary>Size of the network, one of <see cref="NetworkPresets"/>.</summary>
    public required string Preset { get; init; }

    /// <summary>Channels of the images it was trained on: 1 (grey) or 3 (RGB).</summary>
    public required int Channels { get; init; }

    /// <summary>Pixels around each pixel that a blind-spot network does not look at either, in every direction.</summary>
    public int Hole { get; init; }

    /// <summary>What a blind-spot network predicts beside the mean, one of <see cref="CovarianceKinds"/>.</summary>
    public string Covariance { get; init; } = CovarianceKinds.Full;

    /// <summary>True when a U-Net blurs before it drops maxima and has no topmost skip (N2V2).</summary>
    public bool Smooth { get; init; }

    /// <summary>True when a U-Net is shown tone-mapped radiance; what it gives is linear.</summary>
    public bool ToneMapped { get; init; }

    /// <summary>Kind of noise in one word: that of <see cref="NoiseModel"/>.</summary>
    public string Noise { get; init; } = "gaussian";

    /// <summary>Noise on the images' own scale; parameters that are not known are null. Files from before there was a choice say nothing: Gaussian, estimated.</summary>
    public NoiseModel? NoiseModel { get; init; }

    /// <summary>Where the noise of an image comes from, one of <see cref="NoiseSources"/>.</summary>
    public string NoiseSource { get; init; } = NoiseSources.Estimated;

    /// <summary>Lowest standard deviation met in training, on the images' own scale.</summary>
    public required double LowestSigma { get; init; }

    /// <summary>Highest standard deviation met in training, on the images' own scale.</summary>
    public required double HighestSigma { get; init; }

    /// <summary>The sample that becomes 0 for the network. Ignored when <see cref="RangePerImage"/> is set.</summary>
    public double RangeOffset { get; init; }

    /// <summary>Sample difference that becomes 1 for the network. Ignored when <see cref="RangePerImage"/> is set.</summary>
    public double RangeScale { get; init; } = 1;

    /// <summary>True for a general denoiser, which takes the range from each image it is given.</summary>
    public bool RangePerImage { get; init; }

    /// <summary>Optimiser steps behind the weights.</summary>
    public long Steps { get; init; }

    /// <summary>Seed of the training.</summary>
    public ulong Seed { get; init; }

    /// <summary>SHA-256 of <c>weights.safetensors</c>, lower-case hexadecimal digits.</summary>
    public string WeightsSha256 { get; init; } = "";
}
