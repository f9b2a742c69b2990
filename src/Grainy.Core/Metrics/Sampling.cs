namespace Grainy.Core.Metrics;

/// <summary>How the random transforms of E-LPIPS are drawn. Both estimate the same mean; they differ in what an error of a given size costs.</summary>
public enum Sampling
{
    /// <summary>Scale by scale, each as often as its spread and cost deserve; the standard error belongs to that sampling.</summary>
    Stratified,

    /// <summary>
    /// As in the published code: batches of ten that share scale and transposition and are stratified inside. The standard error is that of the means of
    /// batches, because samples within a batch depend on each other; the published program's own error bar ignores this and is too small.
    /// </summary>
    Reference,
}
