using Grainy.Contracts.Metrics;

namespace Grainy.Grains.Metrics;

/// <summary>What can be asked of a comparison.</summary>
internal static class ComparisonRules
{
    public static void Check(ComparisonPlan plan, IReadOnlyList<string> known)
    {
        var matrix = plan.Layout == ComparisonLayout.Matrix;
        var most = matrix ? ComparisonPairs.MostInMatrix : ComparisonPairs.MostImages;
        Require(Enum.IsDefined(plan.Layout), "A comparison is against a reference or of all pairs; choose one of both.");
        Require(plan.Images is { Length: >= 2 }, "A comparison takes at least two images; choose one more.");
        Require(
            plan.Images.Length <= most,
            matrix
                ? $"All pairs can be compared of at most {most} images, not {plan.Images.Length}; choose fewer, or compare them with one reference."
                : $"A comparison takes one reference and at most {ComparisonPairs.MostCandidates} images, not {plan.Images.Length - 1}; choose fewer.");
        Require(plan.Images.Distinct().Count() == plan.Images.Length, "An image is in the list twice; choose each image once.");
        Require(plan.Metrics.Distinct().Count() == plan.Metrics.Length, "A metric is in the list twice; choose each metric once.");
        var strange = plan.Metrics.FirstOrDefault(metric => !known.Contains(metric));
        Require(strange is null, $"There is no metric '{strange}'; choose one of {string.Join(", ", known)}.");
    }

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
        {
            throw new RefusedException(Refusal.Invalid, sentence);
        }
    }
}
