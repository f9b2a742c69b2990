using Grainy.Core.Noise;

namespace Grainy.Core.Samples;

/// <summary>One cell of <see cref="CellCulture"/>: outlines are circles bent by a few harmonics.</summary>
internal sealed class Cell
{
    private const int Harmonics = 5;
    private readonly double[] _bends = new double[4 * Harmonics];
    private readonly (double X, double Y, double Radius)[] _nucleoli = new (double, double, double)[3];
    private double _brightness;
    private double _fibreAngle;
    private double _nucleusRadius;
    private double _nucleusX;
    private double _nucleusY;

    private Cell(double x, double y, double radius) => (X, Y, Radius) = (x, y, radius);

    /// <summary>Centre, in pixels.</summary>
    public double X { get; }

    /// <summary>Centre, in pixels.</summary>
    public double Y { get; }

    /// <summary>Mean radius, in pixels.</summary>
    public double Radius { get; }

    /// <summary>A random cell at a place.</summary>
    public static Cell Draw(double x, double y, ref CounterRandom random)
    {
        var cell = new Cell(x, y, random.Between(36, 60))
        {
            _brightness = random.Between(0.6, 1.25),
            _fibreAngle = random.Between(0, Math.PI),
        };
        cell._nucleusRadius = cell.Radius * random.Between(0.36, 0.46);
        cell._nucleusX = x + (0.12 * cell.Radius * random.NextNormal());
        cell._nucleusY = y + (0.12 * cell.Radius * random.NextNormal());
        for (var i = 0; i < Harmonics; i++)
        {
            cell._bends[4 * i] = 0.17 / (i + 1.2) * random.NextNormal();
            cell._bends[(4 * i) + 1] = random.Between(0, 2 * Math.PI);
            cell._bends[(4 * i) + 2] = 0.07 / (i + 1) * random.NextNormal();
            cell._bends[(4 * i) + 3] = random.Between(0, 2 * Math.PI);
        }

        for (var i = 0; i < cell._nucleoli.Length; i++)
        {
            var (sine, cosine) = Math.SinCos(random.Between(0, 2 * Math.PI));
            var distance = cell._nucleusRadius * random.Between(0.1, 0.6);
            cell._nucleoli[i] = (cell._nucleusX + (distance * cosine), cell._nucleusY + (distance * sine), random.Between(2, 4.2));
        }

        return cell;
    }

    /// <summary>Adds the cell's light to a square image.</summary>
    public void AddTo(double[] light, FractalNoise fibres, FractalNoise chromatin)
    {
        var side = (int)Math.Sqrt(light.Length);
        var reach = Radius * 1.7;
        for (var y = Math.Max(0, (int)(Y - reach)); y < Math.Min(side, (int)(Y + reach)); y++)
        {
            for (var x = Math.Max(0, (int)(X - reach)); x < Math.Min(side, (int)(X + reach)); x++)
            {
                light[(y * side) + x] += _brightness * (Body(x, y, fibres) + Nucleus(x, y, chromatin));
            }
        }
    }

    private static double Step(double from, double to, double value)
    {
        var t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }

    private double Body(int x, int y, FractalNoise fibres)
    {
        var inside = Outline(x - X, y - Y, Radius, 0); // pixels to the membrane, positive inside
        var (sine, cosine) = Math.SinCos(_fibreAngle);
        float along = (float)((x * cosine) + (y * sine)), across = (float)((y * cosine) - (x * sine));
        var fibre = fibres.Ridged((along / 60) + (0.3f * fibres.At(x / 25f, y / 25f)), across / 13, 4);
        var membrane = Math.Exp(-inside * inside / 3.4) * (0.16 + (0.12 * fibres.At(x / 7f, y / 7f)));
        var towardsNucleus = 0.5 + (0.5 * Step(Radius, 0, Math.Sqrt(((x - X) * (x - X)) + ((y - Y) * (y - Y)))));
        return membrane + (Step(-1.5, 1.5, inside) * ((0.035 + (0.3 * fibre * fibre)) * towardsNucleus));
    }

    private double Nucleus(int x, int y, FractalNoise chromatin)
    {
        var inside = Outline(x - _nucleusX, y - _nucleusY, _nucleusRadius, 2);
        var edge = Step(-1.2, 1.2, inside);
        if (edge == 0)
        {
            return 0;
        }

        var texture = 0.42 + (0.3 * chromatin.Sum(x / 9f, y / 9f, 4, 0.6f)) + (0.1 * Math.Exp(-inside * inside / 12));
        foreach (var (nx, ny, radius) in _nucleoli)
        {
            texture += 0.4 * Math.Exp(-(((x - nx) * (x - nx)) + ((y - ny) * (y - ny))) / (radius * radius));
        }

        return edge * Math.Max(0.05, texture);
    }

    private double Outline(double dx, double dy, double radius, int set)
    {
        double angle = Math.Atan2(dy, dx), bend = 1;
        for (var i = 0; i < Harmonics; i++)
        {
            bend += _bends[(4 * i) + set] * Math.Cos(((i + 2) * angle) + _bends[(4 * i) + set + 1]);
        }

        return (radius * bend) - Math.Sqrt((dx * dx) + (dy * dy));
    }
}
