using System.Globalization;
using Grainy.Contracts;
using Grainy.Contracts.Training;

namespace Grainy.Web.Features.Training;

/// <summary>How to train, as a person sets it; follows the proposal until it is touched.</summary>
public sealed class TrainOptions
{
    /// <summary>A value of <see cref="TrainSpec.Method"/>.</summary>
    public string Method { get; private set; } = MethodFacts.BlindSpot;

    /// <summary>True when the person has changed what was proposed.</summary>
    public bool Touched { get; private set; }

    /// <summary>The noise that a blind-spot training assumes.</summary>
    public NoiseInput Noise { get; } = new();

    public double BudgetSeconds { get; set; } = 120;

    /// <summary>Number of steps in place of the compute time; empty: the time counts.</summary>
    public string StepsText { get; set; } = "";

    public string SeedText { get; set; } = "1";

    public string Preset { get; set; } = "compact";

    /// <summary>Adapt the built-in denoiser instead of starting from random weights; counts only where that is possible.</summary>
    public bool StartFromBuiltIn { get; set; } = true;

    /// <summary>Further pixels around each pixel that a blind spot hides.</summary>
    public int Hole { get; set; }

    /// <summary>Shape of Noise2Void's mask.</summary>
    public string MaskStructure { get; set; } = "none";

    /// <summary>Loss of methods on pairs.</summary>
    public string Loss { get; set; } = "l2";

    /// <summary>Correct the shift and brightness of exposures.</summary>
    public bool Align { get; set; }

    /// <summary>How images belong to scenes: <c>found</c>, <c>one</c>, or the number of exposures of each in the order of their names.</summary>
    public string Grouping { get; set; } = "found";

    /// <summary>How many images, the last ones, are not learned from but judge the training; for blind-spot trainings.</summary>
    public int HoldOut { get; set; }

    public int CropSize { get; set; } = 64;

    public int BatchSize { get; set; } = 4;

    /// <summary>Number of steps, where they count in place of the time.</summary>
    public long? Steps => StepsText.Trim().Length == 0 ? null : Whole(StepsText);

    /// <summary>What is missing or out of range, one sentence; null when all is fine.</summary>
    public string? Objection => (Method == MethodFacts.BlindSpot ? Noise.Objection : null)
        ?? (StepsText.Trim().Length > 0 && Steps is not (>= 1 and <= 100_000_000) ? "Give the steps as a whole number from 1, or leave them empty." : null)
        ?? (Whole(SeedText) is >= 0 ? null : "Give the seed as a whole number from 0.");

    /// <summary>Chooses a method by hand.</summary>
    public void Choose(string method) => (Method, Touched) = (method, true);

    /// <summary>The person has set something that a proposal would overwrite.</summary>
    public void Touch() => Touched = true;

    /// <summary>Takes over a proposal.</summary>
    public void Take(NoiseResult proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        Touched = false;
        (Method, Preset) = (proposal.Method, proposal.Preset);
        (Hole, MaskStructure) = Method == MethodFacts.Noise2Void ? (0, proposal.MaskStructure) : (proposal.Hole, "none");
        Grouping = "found";
        Align = proposal.Frames.Any(frame => frame.IsShifted || frame.IsDrifted);
        Noise.Take(proposal.Noise, perImage: !proposal.Images.Any(image => image.IsCorrelated));
    }

    /// <summary>The number of the scene of each image.</summary>
    /// <param name="count">Images in all.</param>
    /// <param name="found">As the measurement found it; null before it is done.</param>
    public IReadOnlyList<int> ScenesOf(int count, IReadOnlyList<int>? found) =>
        Grouping == "found" && found?.Count == count ? found
        : int.TryParse(Grouping, CultureInfo.InvariantCulture, out var frames) && frames > 1 ? [.. Enumerable.Range(0, count).Select(i => i / frames)]
        : Grouping == "one" ? new int[count]
        : [.. Enumerable.Range(0, count)];

    /// <summary>The options as a request, still without model and images.</summary>
    public TrainSpec Spec()
    {
        var (sigma, noise) = Method == MethodFacts.BlindSpot ? Noise.Value : (null, null);
        return new TrainSpec
        {
            Model = default,
            Images = [],
            Method = Method,
            NoiseSigma = sigma,
            Noise = noise,
            BudgetSeconds = BudgetSeconds,
            Steps = Steps,
            Seed = Whole(SeedText) ?? throw new RefusedException(Refusal.Invalid, Objection!),
            Preset = Preset,
            Hole = Method == MethodFacts.BlindSpot ? Hole : 0,
            MaskStructure = Method == MethodFacts.Noise2Void ? MaskStructure : "none",
            HoldOut = Method == MethodFacts.BlindSpot ? HoldOut : 0,
            Loss = Loss,
            Align = Align,
            CropSize = CropSize,
            BatchSize = BatchSize,
        };
    }

    private static long? Whole(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}
