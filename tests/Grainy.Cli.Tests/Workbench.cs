using Grainy.Core.Images;
using Grainy.TestKit;

namespace Grainy.Cli.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class Workbench : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("grainy-cli-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Cuts a square out of the middle of a test image, so that a test takes seconds.</summary>
    public string Crop(string shared, int side, string name)
    {
        var image = ImageReader.Read(SharedData.Require(shared)).Image;
        var planes = new float[image.Channels * side * side];
        var (top, left) = ((image.Height - side) / 2, (image.Width - side) / 2);
        for (var row = 0; row < image.Channels * side; row++)
        {
            image.Plane(row / side).Slice(((top + (row % side)) * image.Width) + left, side).CopyTo(planes.AsSpan(row * side, side));
        }

        return Save(new ImageBuffer(image.Channels, side, side, planes), name);
    }

    /// <summary>Writes an 8-bit PNG.</summary>
    public string Save(ImageBuffer image, string name)
    {
        using var file = File.Create(this[name]);
        ImageWriter.Write(image, file, OutputFormat.Png8);
        return this[name];
    }

    /// <summary>A grey image with a smooth ramp, made without any file.</summary>
    public string Ramp(int side, string name) =>
        Save(new ImageBuffer(1, side, side, [.. Enumerable.Range(0, side * side).Select(i => (float)(i % side) / side)]), name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
