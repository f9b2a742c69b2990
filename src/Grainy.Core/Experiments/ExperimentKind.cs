namespace Grainy.Core.Experiments;

/// <summary>The questions that an experiment can answer about denoising without clean data.</summary>
public enum ExperimentKind
{
    /// <summary>A fixed number of exposures: many scenes with few frames each, or few with many; pairs, or a mean as clean target?</summary>
    Budget,

    /// <summary>What do two noisy images of a scene bring over one, and what does it cost when they do not lie on one another?</summary>
    Pairs,

    /// <summary>Masking against a blind spot: quality by time and by steps, and whether predicted errors are right.</summary>
    Supervision,
}
