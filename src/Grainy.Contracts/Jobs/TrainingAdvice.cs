namespace Grainy.Contracts.Jobs;

/// <summary>Whether it is worth going on with a training, by images that are not learned from.</summary>
/// <param name="Verdict">What they say.</param>
/// <param name="BestStep">Step of the best measurement so far, after smoothing.</param>
/// <param name="Reason">In one sentence, for people.</param>
[GenerateSerializer, Immutable, Alias("grainy.training-advice.v1")]
public sealed record TrainingAdvice([property: Id(0)] TrainingVerdict Verdict, [property: Id(1)] long BestStep, [property: Id(2)] string Reason);

/// <summary>Whether to go on.</summary>
[GenerateSerializer, Alias("grainy.training-verdict")]
public enum TrainingVerdict
{
    /// <summary>Too few measurements to tell.</summary>
    TooEarly = 0,

    /// <summary>Still getting better.</summary>
    GoOn = 1,

    /// <summary>Nothing is gained any more that stands out of the scatter.</summary>
    Plateau = 2,

    /// <summary>Getting worse: the network learns the noise.</summary>
    Overfitting = 3,
}
