using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>A metric in the search: its distance, how far the anchor is, and the draws over which pictures are compared with the anchor.</summary>
internal sealed class AttackedMetric : IDisposable
{
    private const int DrawsPerComparison = 64;
    private readonly ulong _seed;
    private readonly int? _fixed;

    /// <summary>Takes ownership of <paramref name="term"/>.</summary>
    public AttackedMetric(AttackTerm term, AttackRole role, AttackSettings settings)
    {
        (Term, Role, _fixed) = (term, role, settings.FixedTransforms);
        Recent = new RunningDistance(term.Scales > 0);
        // The bit makes the streams of an attack other than those of any measurement, whatever its seed.
        _seed = new SeedSequence(settings.Seed).Derive("attack " + term.Metric) | (1UL << 63);
        Draws = term.Scales == 0 ? [(default, 1)] : Stratified(new SeedSequence(_seed).Derive("comparison"));
    }

    public AttackTerm Term { get; }

    public AttackRole Role { get; }

    public string Name => Term.Metric;

    public bool IsRandom => Term.Scales > 0;

    /// <summary>Mean distance of the anchor over <see cref="Draws"/>, above 0 once it was measured.</summary>
    public double AnchorDistance { get; set; }

    /// <summary>The limit that a picture is driven below: a little less than the anchor's distance, more where it is only an estimate.</summary>
    public double Limit => AnchorDistance * (IsRandom ? 0.96 : 0.998);

    /// <summary>Distances seen by the search.</summary>
    public RunningDistance Recent { get; }

    /// <summary>Draws with weights that sum to 1; the search takes no step with any of them.</summary>
    public IReadOnlyList<(AttackDraw Draw, double Weight)> Draws { get; }

    /// <summary>What the search draws from in a step.</summary>
    public AttackDraw DrawOf(int step) => new(new SeedSequence(_seed).Derive("step", _fixed is { } count ? step % count : step));

    /// <summary>One distance without its gradient.</summary>
    public double Measure(Tensor picture, AttackDraw draw)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return Term.Distance(picture, draw).item<double>();
    }

    public void Dispose() => Term.Dispose();

    // Shares in proportion to 1 / scale, as in StratifiedMean.
    private (AttackDraw, double)[] Stratified(ulong seed)
    {
        var probabilities = ELpipsSampler.Probabilities(Term.Scales);
        var shares = Enumerable.Range(1, Term.Scales).Select(scale => 1.0 / scale).ToArray();
        return [.. Enumerable.Range(1, Term.Scales).SelectMany(scale =>
        {
            var count = Math.Max(4, (int)Math.Round(DrawsPerComparison * shares[scale - 1] / shares.Sum()));
            return Enumerable.Range(0, count)
                .Select(i => (new AttackDraw(new SeedSequence(seed).Derive($"scale {scale}", i), scale), probabilities[scale - 1] / count));
        })];
    }
}
