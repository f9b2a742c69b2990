using System.Globalization;

namespace Grainy.Core.Noise;

/// <summary>The sentences of a proposal's warnings.</summary>
internal static class NoiseWords
{
    public static NoiseWarning Constant { get; } = new("constant", "All samples of an image are equal: there is nothing to denoise. Check that this is the right file.");

    public static NoiseWarning NoNoise { get; } = new(
        "no-noise", "No noise was found: the image is clean, drawn, or already denoised. Denoising would only blur it.");

    public static NoiseWarning Sparse { get; } = new(
        "sparse-counts",
        "Most samples hold the lowest value and the rest stand alone, as counts of single photons do. Medians see no noise there: add frames up before denoising, or give the noise yourself.");

    public static NoiseWarning Lossy { get; } = new(
        "lossy-file", "The file format discards detail, so the noise is no longer what the sensor made, and 8 × 8 blocks may show. Go back to raw or lossless files where they exist.");

    public static NoiseWarning Curved { get; } = new(
        "not-affine",
        "The noise does not grow in a straight line with brightness, as that of processed pictures (gamma, tone curves) does not. Linear raw data denoise better; otherwise use a method without a noise model.");

    public static NoiseWarning Shrinking { get; } = new(
        "shrinks-with-brightness",
        "The noise is weaker in bright parts than in dark ones: the picture has gone through a tone curve, or its highlights are clipped. Linear raw data denoise better.");

    public static NoiseWarning Texture { get; } = new(
        "texture", "The ways of estimating the noise disagree by half and more: the images are textured everywhere, or their noise is not white. Give the noise yourself if you know it.");

    public static NoiseWarning Rounded(double sigma, double step) => new(
        "rounding", Text($"The noise (σ = {sigma:G3}) is finer than the steps of the file ({step:G3}): rounding is all that could be removed."));

    public static NoiseWarning Small(int side, int least) => new(
        "too-small", Text($"The shorter side has {side} pixels; training needs {least}. Use the denoiser that comes with the program: grainy denoise FILE --model builtin."));

    public static NoiseWarning Clipped(double low, double high) => new(
        "clipped",
        Text($"{low:P1} of the samples are exactly the lowest value and {high:P1} exactly the highest: noise that is cut off has no mean of zero, and what is learned there is biased. Export without clipping (float, black level kept), or expose less."));

    public static NoiseWarning BlackLevel(double level) => new(
        "black-level", Text($"The variance of the noise reaches 0 at the value {level:G4}: a black level that was not subtracted. Subtract it, so that Poisson noise is seen as such."));

    public static NoiseWarning Impulses(double share) => new(
        "impulses", Text($"{share:P2} of the pixels stand alone far outside of their neighbourhood (hot pixels, impulses). They break Gaussian and Poisson models."));

    public static NoiseWarning Correlated(Autocorrelation noise) => new(
        "correlated",
        Text($"The noise of neighbouring pixels is correlated ({noise.Strongest.Value:F2} at {noise.Strongest.Dx} right, {noise.Strongest.Dy} down), as after demosaicing, resizing, compression or scanning. Methods that predict a pixel from its neighbours keep such noise: go back to raw data, use frames of one scene, or hide neighbours too."));

    public static NoiseWarning ChannelsCorrelated(double value) => new(
        "channels-correlated", Text($"The noise of the colour channels is correlated ({value:F2}), as after demosaicing or a colour matrix; noise models take channels for independent and will keep a part of it."));

    public static NoiseWarning Moved(double shift) => new(
        "frames-moved", Text($"Frames are shifted by {shift:F2} pixels against each other; a pair that does not lie pixel on pixel teaches blur. Align them first."));

    public static NoiseWarning Drifted(double share) => new(
        "brightness-drift", Text($"Brightness changes by {share:P1} between frames (bleaching, lamp, exposure); correct it, or results will drift too."));

    public static NoiseWarning FramesShareNoise(LagCorrelation lag) => new(
        "difference-structured",
        Text($"The difference of frames is not white ({lag.Value:F2} at {lag.Dx} right, {lag.Dy} down): the noise is correlated in space, or something moved. Frames still serve as targets where their noise is independent."));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
