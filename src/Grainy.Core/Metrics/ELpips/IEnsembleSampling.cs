using Grainy.Core.Metrics.Perceptual;

namespace Grainy.Core.Metrics.ELpips;

/// <summary>Decides which transforms are drawn, and estimates the mean distance from what they gave. The same transforms serve all candidates.</summary>
internal interface IEnsembleSampling
{
    /// <summary>For fingerprints.</summary>
    string Description { get; }

    /// <summary>Samples so far.</summary>
    int Count { get; }

    /// <summary>True where a measurement may stop because it is exact enough: never in the middle of what belongs together.</summary>
    bool MayStop { get; }

    /// <summary>
    /// The draws that were decided on together, among them the next one; the same ones until all of them have been given to <see cref="Add"/>. Which ones they
    /// are does not depend on where a measurement is interrupted.
    /// </summary>
    IReadOnlyList<PictureDraw> Group { get; }

    /// <summary>How many of <see cref="Group"/> have been taken in; the next one has this number.</summary>
    int TakenOfGroup { get; }

    /// <summary>Takes in the contributions of the layers for each candidate under the next draw.</summary>
    void Add(IReadOnlyList<double[]> perCandidate);

    /// <summary>At least one sample is needed.</summary>
    SampleEstimate Estimate(int candidate);

    /// <summary>How much farther <paramref name="second"/> is than <paramref name="first"/>; the error is not a number while it cannot be known.</summary>
    (double Difference, double StandardError) Compare(int first, int second);

    /// <summary>Mean distances by kinds of transforms.</summary>
    IReadOnlyList<TransformShare> Attribution(int candidate);

    /// <summary>What <see cref="Continue"/> needs to go on with this candidate alone; null in the middle of what belongs together.</summary>
    SamplingState? State(int candidate);

    /// <summary>Goes on from a <see cref="State"/>; to be called before the first sample, with one candidate.</summary>
    /// <exception cref="ArgumentException">The state is not one of this sampling.</exception>
    void Continue(SamplingState state);
}
