using Grainy.Core.Images;

namespace Grainy.Core.Training.Registration;

/// <summary>One channel of doubles for measuring: the mean of an image's channels, or a part of it.</summary>
internal sealed class Plane(int height, int width, double[] values)
{
    public int Height { get; } = height;

    public int Width { get; } = width;

    public double[] Values { get; } = values;

    public double this[int row, int column] => Values[(row * Width) + column];

    /// <summary>The rectangle with its corner at (<paramref name="top"/>, <paramref name="left"/>), grey.</summary>
    public static Plane Of(ImageBuffer image, int top, int left, int height, int width)
    {
        var values = new double[height * width];
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Plane(channel);
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    values[(row * width) + column] += plane[((top + row) * image.Width) + left + column] / (double)image.Channels;
                }
            }
        }

        return new Plane(height, width, values);
    }

    /// <summary>A copy without its border.</summary>
    public Plane Inner(int border) => Part(border, border, Height - (2 * border), Width - (2 * border));

    /// <summary>A copy of a rectangle.</summary>
    public Plane Part(int top, int left, int height, int width)
    {
        var values = new double[height * width];
        for (var row = 0; row < height; row++)
        {
            Array.Copy(Values, ((top + row) * Width) + left, values, row * width, width);
        }

        return new Plane(height, width, values);
    }

    /// <summary>Smoothed by a Gaussian of standard deviation <paramref name="sigma"/> pixels, reflected at the borders.</summary>
    public Plane Blurred(double sigma)
    {
        var reach = (int)Math.Ceiling(3 * sigma);
        var kernel = Enumerable.Range(-reach, (2 * reach) + 1).Select(x => Math.Exp(-x * x / (2 * sigma * sigma))).ToArray();
        var sum = kernel.Sum();
        return Filtered([.. kernel.Select(weight => weight / sum)], reach);
    }

    /// <summary>The samples at (row + <paramref name="down"/>, column + <paramref name="right"/>), by cubic interpolation (Keys 1981, a = −½).</summary>
    public Plane Moved(double down, double right)
    {
        var (rows, columns) = (CubicTaps.Of(down), CubicTaps.Of(right));
        return Horizontal(columns.Weights, columns.First).Vertical(rows.Weights, rows.First);
    }

    /// <summary>Central differences along rows and columns; 0 at the border.</summary>
    public (Plane Down, Plane Right) Gradient()
    {
        var (down, right) = (new double[Values.Length], new double[Values.Length]);
        for (var row = 1; row < Height - 1; row++)
        {
            for (var column = 1; column < Width - 1; column++)
            {
                var place = (row * Width) + column;
                down[place] = (Values[place + Width] - Values[place - Width]) / 2;
                right[place] = (Values[place + 1] - Values[place - 1]) / 2;
            }
        }

        return (new Plane(Height, Width, down), new Plane(Height, Width, right));
    }

    /// <summary>Means over squares of <paramref name="side"/> pixels; what is left over at the right and below is dropped.</summary>
    public double[] BlockMeans(int side)
    {
        var means = new double[Height / side * (Width / side)];
        for (var block = 0; block < means.Length; block++)
        {
            var (top, left) = (block / (Width / side) * side, block % (Width / side) * side);
            for (var row = 0; row < side; row++)
            {
                for (var column = 0; column < side; column++)
                {
                    means[block] += this[top + row, left + column] / (side * side);
                }
            }
        }

        return means;
    }

    private Plane Filtered(double[] kernel, int reach) => Horizontal(kernel, -reach).Vertical(kernel, -reach);

    private Plane Horizontal(double[] kernel, int first)
    {
        var result = new double[Values.Length];
        for (var row = 0; row < Height; row++)
        {
            for (var column = 0; column < Width; column++)
            {
                var sum = 0.0;
                for (var tap = 0; tap < kernel.Length; tap++)
                {
                    sum += kernel[tap] * Values[(row * Width) + Mirror.Index(column + first + tap, Width)];
                }

                result[(row * Width) + column] = sum;
            }
        }

        return new Plane(Height, Width, result);
    }

    private Plane Vertical(double[] kernel, int first)
    {
        var result = new double[Values.Length];
        for (var row = 0; row < Height; row++)
        {
            for (var tap = 0; tap < kernel.Length; tap++)
            {
                var source = Mirror.Index(row + first + tap, Height) * Width;
                for (var column = 0; column < Width; column++)
                {
                    result[(row * Width) + column] += kernel[tap] * Values[source + column];
                }
            }
        }

        return new Plane(Height, Width, result);
    }
}
