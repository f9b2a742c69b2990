using Grainy.Core.Images;

namespace Grainy.Benchmarks.RealData;

/// <summary>Real captures of one kind: noisy frames and what stands for the truth.</summary>
/// <param name="Name">For the table.</param>
/// <param name="What">One sentence about them.</param>
/// <param name="Scenes">Learned from; the tested ones among them are shown to methods without references alone.</param>
/// <param name="Burst">True when a scene has several frames.</param>
/// <param name="Fitted">True when the truth was exposed otherwise: results are brought to it by the best gain and offset before they are compared.</param>
internal sealed record RealScenes(string Name, string What, IReadOnlyList<RealScene> Scenes, bool Burst = false, bool Fitted = false)
{
    private static readonly string[] Cameras = ["5dmark3", "d600"];
    private static readonly string[] OctFrames = ["test", "1", "2", "3", "4"];

    /// <summary>All sets of a folder whose files are there.</summary>
    public static IEnumerable<RealScenes> All(string folder) => new[] { Camera(folder), Fluorescence(folder), Oct(folder), Nucleus(folder) }.Where(set => set.Scenes.Count > 0);

    private static RealScenes Camera(string root) => new(
        "camera_cc15", "six 512² crops of camera pictures (8-bit RGB, demosaiced, compressed) and the mean of many; the last of each camera is tested",
        [.. from camera in Cameras
            from number in Enumerable.Range(1, 3)
            let stem = Path.Combine(root, $"camera_cc15/{camera}_iso3200_{number}_")
            where File.Exists(stem + "real.png")
            select new RealScene([Read(stem + "real.png")], Read(stem + "mean.png"), number == 3)]);

    private static RealScenes Fluorescence(string root) => new(
        "fluorescence_w2s", "four fields of three dyes (8-bit grey, 512²) and the mean of 400; the last field is tested",
        [.. from field in Enumerable.Range(1, 4)
            from dye in Enumerable.Range(0, 3)
            let noisy = Path.Combine(root, $"fluorescence_w2s/noisy_avg1/input_avg1_{field:000}_{dye}.tif")
            let clean = Path.Combine(root, $"fluorescence_w2s/target_avg400/target_avg400_{field:000}_{dye}.tif")
            where File.Exists(noisy) && File.Exists(clean)
            select new RealScene([Read(noisy)], Read(clean), field == 4)]);

    private static RealScenes Oct(string root) => new(
        "oct", "six scenes of five optical coherence frames (8-bit grey, 900 × 450) and their published average; a frame of the last two scenes is tested",
        [.. from scene in Enumerable.Range(1, 6)
            let folder = Path.Combine(root, $"oct/{scene}")
            where File.Exists(Path.Combine(folder, "average.tif"))
            select new RealScene(
                [.. OctFrames.Select(name => Read(Path.Combine(folder, name + ".tif")))], Read(Path.Combine(folder, "average.tif")), scene >= 5)],
        Burst: true);

    private static RealScenes Nucleus(string root)
    {
        var (low, high) = (Path.Combine(root, "nucleus_16bit/low_snr.tif"), Path.Combine(root, "nucleus_16bit/high_snr.tif"));
        if (!File.Exists(low) || !File.Exists(high))
        {
            return new("nucleus_16bit", "", []);
        }

        var (noisy, clean) = (Read(low), Read(high));
        return new(
            "nucleus_16bit", "a nucleus at low and at high exposure (16-bit grey, 1024²); the right half is tested",
            [new RealScene([Half(noisy, 0)], Half(clean, 0), false), new RealScene([Half(noisy, 1)], Half(clean, 1), true)], Fitted: true);
    }

    private static ImageBuffer Read(string path) => ImageReader.Read(path).Image;

    private static ImageBuffer Half(ImageBuffer image, int index)
    {
        var width = image.Width / 2;
        return new ImageBuffer(1, image.Height, width, [.. Enumerable.Range(0, image.Height * width)
            .Select(i => image.Planes[(i / width * image.Width) + (index * width) + (i % width)])]);
    }
}

/// <summary>One scene: its frames, of which the first is denoised where it is tested, and the truth.</summary>
internal sealed record RealScene(IReadOnlyList<ImageBuffer> Frames, ImageBuffer Truth, bool Tested);
