namespace Grainy.Core.Attacks;

/// <summary>
/// One inequality ln(distance / limit) ≤ 0 of an augmented Lagrangian (Nocedal, Wright 2006, section 17.3, with the multiplier kept at 0 or above). The logarithm
/// makes all metrics alike: being ten times too far weighs the same for each, and no setting depends on the size of its values.
/// </summary>
/// <param name="limit">Above 0.</param>
internal sealed class AttackConstraint(double limit)
{
    private const int Period = 10; // steps between two updates of the multiplier
    private const double MostPenalty = 30;
    private double _penalty = 0.3;
    private double _before = double.PositiveInfinity;
    private int _seen;

    /// <summary>Price of one unit of ln(distance) in units of the objective.</summary>
    public double Multiplier { get; private set; }

    /// <summary>Takes in the mean distance as it is known now, and returns the factor of the distance's gradient in that of the Lagrangian.</summary>
    public double Observe(double mean)
    {
        var violation = Math.Log(Math.Max(mean / limit, 1e-3));
        var push = Math.Max(0, Multiplier + (_penalty * violation));
        if (++_seen % Period == 0)
        {
            Update(violation);
        }

        // The slope of the logarithm; within the limit it is kept from growing without bound.
        return push / Math.Max(mean, limit);
    }

    private void Update(double violation)
    {
        Multiplier = Math.Max(0, Multiplier + (_penalty * Math.Clamp(violation, -1, 1)));
        if (violation > 0.02 && violation > 0.75 * _before)
        {
            _penalty = Math.Min(MostPenalty, 1.3 * _penalty);
        }

        _before = violation;
    }
}
