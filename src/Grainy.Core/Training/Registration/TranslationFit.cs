namespace Grainy.Core.Training.Registration;

/// <summary>
/// Sub-pixel shift between two noisy planes by Gauss–Newton steps. The curvature is the product of both planes' gradients rather than the square of one's:
/// their noise is independent, so that the steps have the right length however noisy the planes are (an instrumental-variable estimate).
/// </summary>
internal static class TranslationFit
{
    private const int Block = 16;
    private const int MostSteps = 30;
    private const double OneWay = 0.05; // seven standard deviations of planes of 512 × 512 pixels without anything in common

    /// <summary>Refines a shift.</summary>
    /// <param name="first">Smoothed.</param>
    /// <param name="second">Smoothed alike, of the same size.</param>
    /// <param name="start">Known to about a pixel.</param>
    /// <returns>The shift and the standard error in each direction; an error is infinite where the planes have no structure in common that tells of that direction.</returns>
    public static (double Down, double Right, double ErrorDown, double ErrorRight) Refine(Plane first, Plane second, (int Down, int Right) start)
    {
        var border = 4 + Math.Max(Math.Abs(start.Down), Math.Abs(start.Right));
        if (Math.Min(first.Height, first.Width) - (2 * border) < 2 * Block)
        {
            return (start.Down, start.Right, double.PositiveInfinity, double.PositiveInfinity);
        }

        var a = first.Inner(border);
        var (aDown, aRight) = first.Gradient() is var (down, right) ? (down.Inner(border), right.Inner(border)) : default;
        var shift = (Down: (double)start.Down, Right: (double)start.Right);
        (double Down, double Right) error = (double.PositiveInfinity, double.PositiveInfinity);
        for (var step = 0; step < MostSteps; step++)
        {
            var moved = second.Moved(shift.Down, shift.Right);
            var (bDown, bRight) = moved.Gradient();
            var system = new NormalEquations(a, aDown, aRight, moved.Inner(border), bDown.Inner(border), bRight.Inner(border));
            if (!system.Solve(out var change, out error))
            {
                return (start.Down, start.Right, double.PositiveInfinity, double.PositiveInfinity);
            }

            shift = (shift.Down + change.Down, shift.Right + change.Right);
            if (Math.Abs(shift.Down - start.Down) > 3 || Math.Abs(shift.Right - start.Right) > 3)
            {
                return (start.Down, start.Right, double.PositiveInfinity, double.PositiveInfinity); // ran away: nothing holds it
            }

            if (Math.Abs(change.Down) + Math.Abs(change.Right) < 1e-4)
            {
                break;
            }
        }

        return (shift.Down, shift.Right, error.Down, error.Right);
    }

    // The normal equations of one step: ∇a·(∇b)ᵀ δ = ½(∇a + ∇b)·(gain·a + offset − b), and the spread of the right side over blocks.
    private readonly ref struct NormalEquations(Plane a, Plane aDown, Plane aRight, Plane b, Plane bDown, Plane bRight)
    {
        public bool Solve(out (double Down, double Right) change, out (double Down, double Right) error)
        {
            var (gain, offset) = IntensityFit.Line(a.BlockMeans(8), b.BlockMeans(8));
            double dd = 0, dr = 0, rd = 0, rr = 0, own = 0;
            var (down, right) = (new double[Blocks], new double[Blocks]);
            for (var row = 0; row < a.Height / Block * Block; row++)
            {
                for (var column = 0; column < a.Width / Block * Block; column++)
                {
                    var place = (row * a.Width) + column;
                    var residual = (gain * a.Values[place]) + offset - b.Values[place];
                    var (gd, gr) = (aDown.Values[place] * gain, aRight.Values[place] * gain);
                    dd += gd * bDown.Values[place];
                    dr += gd * bRight.Values[place];
                    rd += gr * bDown.Values[place];
                    rr += gr * bRight.Values[place];
                    own += (gd * gd) + (gr * gr) + (bDown.Values[place] * bDown.Values[place]) + (bRight.Values[place] * bRight.Values[place]);
                    var block = (row / Block * (a.Width / Block)) + (column / Block);
                    // The mean of both gradients and the difference of both planes have independent noise, so that blocks do not borrow from neighbours.
                    down[block] += (gd + bDown.Values[place]) / 2 * residual;
                    right[block] += (gr + bRight.Values[place]) / 2 * residual;
                }
            }

            var determinant = (dd * rr) - (dr * rd);
            // Structure in common must be a fair part of all structure, in both directions, or the division blows noise up.
            var weaker = ((dd + rr) / 2) - Math.Sqrt(Math.Pow((dd - rr) / 2, 2) + (dr * rd > 0 ? dr * rd : 0));
            var (sumDown, sumRight) = (down.Sum(), right.Sum());
            if (!(weaker > 0.01 * own / 4))
            {
                // Layers and edges of one direction tell of the shift across them, and of nothing along them.
                var (isDown, isRight) = (dd > OneWay * own / 4 && dd > rr, rr > OneWay * own / 4 && rr > dd);
                change = (isDown ? sumDown / dd : 0, isRight ? sumRight / rr : 0);
                error = (isDown ? Spread(down, sumDown) / dd : double.PositiveInfinity, isRight ? Spread(right, sumRight) / rr : double.PositiveInfinity);
                return isDown || isRight;
            }

            change = Solve(sumDown, sumRight);
            // The blocks are independent draws of the right side; each alone solved gives the spread of the solution.
            double varianceDown = 0, varianceRight = 0;
            for (var block = 0; block < down.Length; block++)
            {
                var (x, y) = Solve(down[block] - (sumDown / down.Length), right[block] - (sumRight / down.Length));
                (varianceDown, varianceRight) = (varianceDown + (x * x), varianceRight + (y * y));
            }

            error = (Math.Sqrt(varianceDown), Math.Sqrt(varianceRight));
            return true;

            (double Down, double Right) Solve(double x, double y) => (((rr * x) - (dr * y)) / determinant, ((dd * y) - (rd * x)) / determinant);
        }

        private static double Spread(double[] blocks, double sum) => Math.Sqrt(blocks.Sum(block => Math.Pow(block - (sum / blocks.Length), 2)));

        private int Blocks => a.Height / Block * (a.Width / Block);
    }
}
