namespace Grainy.Core.Metrics;

/// <summary>The mean distance over all transforms that have something in common, for example all with the scale 2.</summary>
/// <param name="Transform">For example <c>scale</c>, <c>flip</c> or <c>brightness</c>.</param>
/// <param name="Value">Which of its kind, for example <c>2</c>, <c>rows</c> or <c>dark</c>.</param>
/// <param name="Mean">Over these transforms; all else is averaged as in the metric itself.</param>
/// <param name="StandardError">Of <paramref name="Mean"/>; 0 while it cannot be known.</param>
/// <param name="Samples">Samples with this property so far.</param>
public sealed record TransformShare(string Transform, string Value, double Mean, double StandardError, int Samples);
