using System.Globalization;
using Grainy.Core.Training;

namespace Grainy.Core.Trust;

/// <summary>
/// Advises when to end a training, from measurements on held-out data (the likelihood of noisy pixels that were not trained on; no clean image is needed).
/// </summary>
public static class StopAdviser
{
    private const int LeastPoints = 8;

    /// <summary>The advice after the measurements so far.</summary>
    /// <param name="points">In order of their steps.</param>
    /// <param name="higherIsBetter">True for PSNR and likelihood, false for loss and negative likelihood.</param>
    /// <remarks>
    /// The scatter is the median of the second differences' magnitudes, which a steady rise or fall does not enlarge: of independent normal scatter s they have
    /// the standard deviation √6·s. A change counts beyond 3 standard errors: standing still is taken for a loss, and for a gain, once in 700 judgements each.
    /// </remarks>
    public static StopAdvice Advise(IReadOnlyList<ValidationPoint> points, bool higherIsBetter)
    {
        ArgumentNullException.ThrowIfNull(points);
        var values = points.Where(point => double.IsFinite(point.Value)).Select(point => (point.Step, Value: higherIsBetter ? point.Value : -point.Value)).ToArray();
        if (values.Length < LeastPoints)
        {
            return new StopAdvice(
                StopVerdict.TooEarly, values.Length == 0 ? 0 : values.MaxBy(point => point.Value).Step, 0, double.PositiveInfinity,
                $"There are {values.Length} measurements so far; {LeastPoints} are needed to tell a trend from scatter.");
        }

        var quarter = Math.Max(3, values.Length / 4);
        var scatter = Scatter([.. values.Select(point => point.Value)]);
        var error = scatter * Math.Sqrt(2.0 / quarter);
        var (recent, before) = (values[^quarter..].Average(point => point.Value), values[^(2 * quarter)..^quarter].Average(point => point.Value));
        var smooth = Enumerable.Range(1, values.Length - 2).Select(i => (values[i].Step, Value: (values[i - 1].Value + values[i].Value + values[i + 1].Value) / 3)).ToArray();
        var best = smooth.MaxBy(point => point.Value);
        // The best of many smoothed values is high by chance; a loss is measured against the quarter around it.
        var place = Math.Clamp(Array.FindIndex(values, point => point.Step == best.Step) - (quarter / 2), 0, values.Length - quarter);
        var peak = values[place..(place + quarter)].Average(point => point.Value);
        var gain = recent - before;
        if (place + quarter <= values.Length - quarter && peak - recent > 3 * error && recent <= before + (3 * error))
        {
            return new StopAdvice(StopVerdict.Overfitting, best.Step, gain, error, Text($"Held-out data have become worse since step {best.Step:N0}: the network has begun to learn the noise. Take the weights of that step."));
        }

        return gain > 3 * error
            ? new StopAdvice(StopVerdict.GoOn, values[^1].Step, gain, error, "Held-out data still get better: it is worth going on.")
            : new StopAdvice(StopVerdict.Plateau, best.Step, gain, error, Text($"Held-out data have stood still over the last {2 * quarter} measurements: more steps gain little."));
    }

    private static double Scatter(double[] values)
    {
        var second = Enumerable.Range(1, values.Length - 2).Select(i => Math.Abs(values[i - 1] - (2 * values[i]) + values[i + 1])).Order().ToArray();
        return second[second.Length / 2] / 0.6745 / Math.Sqrt(6);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
