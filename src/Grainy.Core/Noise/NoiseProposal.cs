using Grainy.Core.Training;

namespace Grainy.Core.Noise;

/// <summary>How to denoise some images, and whether to.</summary>
/// <param name="Verdict">Whether to go on.</param>
/// <param name="Method">One of <see cref="TrainingMethods"/>.</param>
/// <param name="Model">The noise, with its measured parameters; null where none of the models describes it.</param>
/// <param name="Preset">Size of the network, one of <see cref="Denoising.NetworkPresets"/>.</param>
/// <param name="Hole">Pixels around each pixel that a blind-spot network should not look at, because their noise is correlated.</param>
/// <param name="Structure">Shape of the mask for masking methods, one of <see cref="Training.Masking.MaskStructures"/>.</param>
/// <param name="Reason">Why this method, in one sentence.</param>
/// <param name="Warnings">What a person should know first; the gravest first.</param>
public sealed record NoiseProposal(
    NoiseVerdict Verdict,
    string Method,
    NoiseModel? Model,
    string Preset,
    int Hole,
    string Structure,
    string Reason,
    IReadOnlyList<NoiseWarning> Warnings);

/// <summary>Something about the images that a person should know before training.</summary>
/// <param name="Code">For programs: one or two words, hyphenated; never changes its meaning.</param>
/// <param name="Text">What it is, why it matters, and what to do.</param>
public sealed record NoiseWarning(string Code, string Text);
