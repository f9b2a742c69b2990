using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Samples;

/// <summary>A micrograph as of fluorescent cells: textured nuclei with nucleoli, fibrous bodies, membranes, and the haze of what lies out of focus.</summary>
internal static class CellCulture
{
    private const int Side = 512;

    /// <summary>Photons are few: value 1 is 350 electrons.</summary>
    public static PhotonSensor Sensor { get; } = new(350, 3);

    /// <summary>The culture without noise; grey, 512 × 512, within [0, 1].</summary>
    public static ImageBuffer Render(ulong seed, int field)
    {
        var random = CounterRandom.For(seed, "samples.cells", field);
        var light = new double[Side * Side];
        AddHaze(light, new FractalNoise(seed + (ulong)field, "samples.cells.haze"), ref random);
        var fibres = new FractalNoise(seed + (ulong)field, "samples.cells.fibres");
        var chromatin = new FractalNoise(seed + (ulong)field, "samples.cells.chromatin");
        foreach (var cell in Place(ref random))
        {
            cell.AddTo(light, fibres, chromatin);
        }

        // A soft shoulder instead of a hard clip where cells overlap.
        return new ImageBuffer(1, Side, Side, [.. light.Select(value => (float)(1 - Math.Exp(-1.1 * value)))]);
    }

    private static List<Cell> Place(ref CounterRandom random)
    {
        var cells = new List<Cell>();
        for (var attempt = 0; attempt < 900 && cells.Count < 26; attempt++)
        {
            var cell = Cell.Draw(random.Between(-20, Side + 20), random.Between(-20, Side + 20), ref random);
            if (cells.TrueForAll(
                other => Math.Sqrt(((cell.X - other.X) * (cell.X - other.X)) + ((cell.Y - other.Y) * (cell.Y - other.Y))) > 0.95 * (cell.Radius + other.Radius)))
            {
                cells.Add(cell);
            }
        }

        return cells;
    }

    private static void AddHaze(double[] light, FractalNoise haze, ref CounterRandom random)
    {
        var blobs = new (double X, double Y, double Width, double Peak)[9];
        for (var i = 0; i < blobs.Length; i++)
        {
            blobs[i] = (random.Between(0, Side), random.Between(0, Side), random.Between(30, 80), random.Between(0.03, 0.11));
        }

        for (var i = 0; i < light.Length; i++)
        {
            int x = i % Side, y = i / Side;
            light[i] = 0.035 + (0.02 * haze.Sum(x / 170f, y / 170f, 2));
            foreach (var blob in blobs)
            {
                light[i] += blob.Peak * Math.Exp(-(((x - blob.X) * (x - blob.X)) + ((y - blob.Y) * (y - blob.Y))) / (2 * blob.Width * blob.Width));
            }
        }
    }
}
