namespace Grainy.Core.Noise;

/// <summary>The variance of samples with mean 0, without the few that lie far outside.</summary>
internal static class ClippedVariance
{
    private const double Limit = 5;
    private const int Rounds = 12;

    /// <summary>
    /// Mean of the squares within 5 standard deviations, repeated until it stands still; begun at the median, so that outliers cannot hide one another. A normal
    /// deviate loses less than 0.01 % by it, and counts with a long tail get it back round by round.
    /// </summary>
    public static double Of(List<float> values)
    {
        if (values.Count == 0)
        {
            return 0;
        }

        var squares = values.ConvertAll(value => value * value);
        squares.Sort();
        var variance = squares[squares.Count / 2] / (0.6745 * 0.6745);
        if (variance == 0)
        {
            variance = Mean(squares, squares.Count);
        }

        for (var round = 0; round < Rounds; round++)
        {
            var within = squares.BinarySearch((float)(Limit * Limit * variance));
            var next = Mean(squares, within < 0 ? ~within : within + 1);
            if (Math.Abs(next - variance) <= 1e-6 * variance)
            {
                return next;
            }

            variance = next;
        }

        return variance;
    }

    private static double Mean(List<float> squares, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += squares[i];
        }

        return count == 0 ? 0 : sum / count;
    }
}
