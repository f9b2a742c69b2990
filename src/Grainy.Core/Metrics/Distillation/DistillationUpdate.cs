using Grainy.Core.Weights;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>Where the training stands.</summary>
/// <param name="Step">Steps so far.</param>
/// <param name="Fraction">Share of the whole, 0 to 1.</param>
/// <param name="Loss">Smoothed over some fifty steps.</param>
/// <param name="ElapsedSeconds">Since the start.</param>
/// <param name="Result">The network as it is; set ten times, the last time by the last update.</param>
public sealed record DistillationUpdate(long Step, double Fraction, double Loss, double ElapsedSeconds, DistillationResult? Result);

/// <summary>A trained network.</summary>
/// <param name="Weights">By name, as <c>builtin_perceptual.safetensors</c> holds them.</param>
/// <param name="Agreement">With the teacher, on images that were not trained on; null when none were given.</param>
public sealed record DistillationResult(IReadOnlyDictionary<string, WeightTensor> Weights, DistillationAgreement? Agreement);

/// <summary>How far the rank order of distances agrees with that of the teacher.</summary>
/// <param name="Pairs">Pairs that were compared, without those that were made to fool a metric.</param>
/// <param name="Spearman">Rank correlation over all of them.</param>
/// <param name="ByKind">The same within each kind of distortion, and for pairs that were made to fool the teacher.</param>
/// <param name="MeanLogError">Mean of |ln(student / teacher)|: 0.1 means about 10 % off.</param>
public sealed record DistillationAgreement(int Pairs, double Spearman, IReadOnlyDictionary<string, double> ByKind, double MeanLogError);
