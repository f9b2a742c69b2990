using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>How a blend is computed.</summary>
public sealed record BlendOptions
{
    /// <summary>The most images that are blended.</summary>
    public const int MostImages = 8;

    /// <summary>The most frames of a blend.</summary>
    public const int MostFrames = 65;

    /// <summary>What to compute; see <see cref="BlendLattice"/>. Frames whose weight of one image is 1 are that image.</summary>
    public IReadOnlyList<BlendTarget> Frames { get; init; } = BlendLattice.Line(9);

    /// <summary>Longer side of the frames in pixels, 64 to 2048; smaller images keep their size.</summary>
    public int Size { get; init; } = 256;

    /// <summary>
    /// Longer side at which frames are optimised, 64 to 1024; null: 512, or <see cref="Size"/> where that is less. Above it detail is transferred, see
    /// <see cref="BlendStep.DetailTransferred"/>.
    /// </summary>
    public int? WorkingSize { get; init; }

    /// <summary>Seed of the random transforms; the same seed gives the same frames on the same device, whichever other frames are computed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// A name of <see cref="BlendMetrics.Names"/>; null: <c>elpips-squeeze</c>, or <c>elpips-builtin</c> where no published weights are installed.
    /// </summary>
    public string? Metric { get; init; }

    /// <summary>
    /// <c>chain</c>: every frame is the barycentre of the images by its weights. <c>geodesic</c>: frames of a line between two images that make
    /// Σ d(x_k, x_{k+1})² small together, which also spaces them evenly.
    /// </summary>
    public string Path { get; init; } = Chain;

    /// <summary>
    /// <c>weights</c>: the frames of a chain stay where <see cref="Frames"/> puts them. <c>even</c>: frames of a line between two images are moved along it until
    /// neighbours are about equally far apart in the metric; their weights are reported with them. A geodesic does so by itself.
    /// </summary>
    public string Spacing { get; init; } = ByWeights;

    /// <summary>
    /// The published averaging procedure instead of the fast one: from noise, one transform and dropout per step, Adam with the published schedule. Takes tens
    /// of thousands of steps; for comparison.
    /// </summary>
    public bool Reference { get; init; }

    /// <summary>
    /// Largest scale of the E-LPIPS ensemble, 1 to 16. Null: by size, ⌊shorter side / 64⌋; with <see cref="Reference"/> 1, as the published averages were made.
    /// </summary>
    public int? Scales { get; init; }

    /// <summary>
    /// The most optimisation steps of a frame, 10 to 100,000. Frames stop earlier when their energy no longer falls, except with <see cref="Reference"/>.
    /// </summary>
    public int StepsPerFrame { get; init; } = 480;

    /// <summary>Whether frames whose energy no longer falls end before their last step. False: all steps are taken, for comparison.</summary>
    public bool StopEarly { get; init; } = true;

    /// <summary>
    /// Weights of the slider now, or null: asked whenever it is chosen what to compute next; the nearest frames come first. Called on the device thread.
    /// </summary>
    public Func<IReadOnlyList<double>?>? Near { get; init; }

    /// <summary>
    /// Final frames that are there already, by index, at the blend's full size: they are not computed again. (Frames of a chain do not depend on each other, so
    /// a blend that was interrupted goes on to the same pictures.) In a geodesic they are kept as they are, and the others settle between them.
    /// </summary>
    public IReadOnlyDictionary<int, ImageBuffer> Known { get; init; } = new Dictionary<int, ImageBuffer>();

    /// <summary>
    /// Pictures to go on from instead of from the pixel mix, by index; with a larger <see cref="StepsPerFrame"/> a finished frame is refined further.
    /// </summary>
    public IReadOnlyDictionary<int, BlendResume> Resume { get; init; } = new Dictionary<int, BlendResume>();

    /// <summary>
    /// With even spacing: frames of the chain that are computed already, by index, as <see cref="Frames"/> places them and at the blend's full size. They are only moved: the
    /// outcome is the same as if everything had been computed in one go.
    /// </summary>
    public IReadOnlyDictionary<int, BlendResume> Computed { get; init; } = new Dictionary<int, BlendResume>();

    internal const int UsualWorkingSize = 512;
    internal const string Chain = "chain";
    internal const string Geodesic = "geodesic";
    internal const string ByWeights = "weights";
    internal const string Even = "even";

    // Two sets of frames are held while they are moved, in samples of four bytes: 2 GiB.
    private const long MostHeldSamples = 1L << 29;

    /// <summary>Checks the ranges.</summary>
    /// <param name="images">How many images there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range; the message is a sentence for people.</exception>
    public BlendOptions Validated(int images)
    {
        Require(images is >= 2 and <= MostImages, nameof(images), images, $"A blend is made of 2 to {MostImages} images.");
        Require(Frames.Count is >= 1 and <= MostFrames, nameof(Frames), Frames.Count, $"A blend has 1 to {MostFrames} frames.");
        Require(Size is >= 64 and <= 2048, nameof(Size), Size, "The longer side of a blend is 64 to 2,048 pixels.");
        Require(WorkingSize is null or (>= 64 and <= 1024), nameof(WorkingSize), WorkingSize, "The working size of a blend is 64 to 1,024 pixels.");
        Require(Scales is null or (>= 1 and <= 16), nameof(Scales), Scales, "A blend uses 1 to 16 scales.");
        Require(StepsPerFrame is >= 10 and <= 100_000, nameof(StepsPerFrame), StepsPerFrame, "A frame takes 10 to 100,000 steps.");
        Require(Path is Chain or Geodesic, nameof(Path), Path, "A path is 'chain' or 'geodesic'.");
        Require(Path == Chain || (images == 2 && BlendLattice.IsLine(Frames)), nameof(Path), Path, "A geodesic needs two images and frames in a line from one to the other.");
        Require(Path == Chain || !Reference, nameof(Path), Path, "The published procedure makes averages, no geodesics: leave one of both options out.");
        Require(Spacing is ByWeights or Even, nameof(Spacing), Spacing, "The spacing of a chain is 'even' or 'weights'.");
        Require(Spacing == Even || Computed.Count == 0, nameof(Computed), Computed.Count, "Only frames that are to be spaced evenly are taken as computed; hand in others as known.");
        if (Spacing == Even)
        {
            Require(images == 2 && BlendLattice.IsLine(Frames), nameof(Spacing), Spacing, "Even spacing needs two images and frames in a line from one to the other.");
            Require(!Reference, nameof(Spacing), Spacing, "The published procedure makes averages by weights: leave out even spacing.");
            Require(Known.Count + Resume.Count == 0 || Path == Geodesic, nameof(Spacing), Spacing, "Frames that are spaced evenly are found together: none can be given.");
            Require(2 * Frames.Count * 3L * Size * Size <= MostHeldSamples, nameof(Spacing), Frames.Count, "So many frames of this size cannot be spaced evenly: ask for fewer or smaller ones, or for spacing by weights.");
        }

        Require(Frames.Select(frame => frame.Index).Distinct().Count() == Frames.Count, nameof(Frames), Frames.Count, "Every frame of a blend needs a number of its own.");
        foreach (var frame in Frames)
        {
            Require(
                frame.Weights.Count == images && frame.Weights.All(weight => weight is >= 0 and <= 1) && Math.Abs(frame.Weights.Sum() - 1) <= 1e-6,
                nameof(Frames), string.Join(", ", frame.Weights), $"The weights of a frame of {images} images are {images} numbers between 0 and 1 of sum 1.");
        }

        return this;
    }

    private static void Require(bool holds, string name, object? value, string message)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, message);
        }
    }
}
