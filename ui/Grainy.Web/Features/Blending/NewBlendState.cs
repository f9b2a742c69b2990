using System.Globalization;
using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Blending;

/// <summary>What will be blended, and how.</summary>
/// <param name="averaging">True for an average of exposures instead of frames between images.</param>
public sealed class NewBlendState(UserGrains grains, bool averaging = false)
{
    private const string SquaredError = "l2";

    /// <summary>Ten frames and the middle; finer ones can be chosen.</summary>
    private const int MostDivisionsOfFour = 2;

    private readonly List<(ImageRef Ref, ImageInfo Info)> _images = [];

    /// <summary>True for an average of exposures.</summary>
    public bool Averaging => averaging;

    /// <summary>In the order of the blend; null while loading.</summary>
    public IReadOnlyList<(ImageRef Ref, ImageInfo Info)>? Images { get; private set; }

    /// <summary>Distances that a blend can be computed under, with the reason where one cannot be used here.</summary>
    public IReadOnlyList<MetricChoice> Metrics { get; private set; } = [];

    /// <summary>Null for the best one at hand.</summary>
    public string? Metric { get; set; }

    public BlendPath Path { get; set; }

    /// <summary>Whether the frames of a chain are to be moved until neighbours are equally far apart.</summary>
    public bool Even { get; set; } = true;

    /// <summary>True where that can be chosen.</summary>
    public bool MayBeEven => Images is { Count: 2 } && Path == BlendPath.Chain && !Reference;

    public int Size { get; set; } = averaging ? 512 : 256;

    public int Frames { get; set; } = 9;

    public int Divisions { get; set; } = 4;

    public string StepsText { get; set; } = "480";

    public string SeedText { get; set; } = "1";

    public bool Reference { get; set; }

    public ImageFitting Fitting { get; set; }

    /// <summary>How the images lie to each other; null while it is measured.</summary>
    public FittingReport? Report { get; private set; }

    /// <summary>What is done to make them fit, one sentence each; null while it is being done.</summary>
    public FittedImages? Fitted { get; private set; }

    /// <summary>Why they cannot be made to fit in the chosen way.</summary>
    public string? FittingProblem { get; private set; }

    /// <summary>True when the images can only be blended after they were made to fit.</summary>
    public bool MustFit => Images is { Count: > 1 } images && images.Any(image =>
        (image.Info.Width, image.Info.Height) != (images[0].Info.Width, images[0].Info.Height));

    /// <summary>Why it cannot start, as one sentence; null when it can.</summary>
    public string? Objection => Images is null ? null
        : Images.Count < BlendTargets.FewestImages || Images.Count > Most ? $"{What} takes {BlendTargets.FewestImages} to {Most} images; choose them in the library."
        : MustFit && Fitting == ImageFitting.None ? "These images differ in size; choose how to make them fit."
        : FittingProblem is { } problem ? problem
        : !TryNumber(StepsText, 10, 20_000, out _) ? "A frame takes 10 to 20,000 steps; type a whole number in between."
        : !TryNumber(SeedText, 0, long.MaxValue, out _) ? "The seed is a whole number from 0."
        : MayBeEven && Even && !BlendTargets.CanBeSpacedEvenly(2, Settings()) ? "So many frames of this size cannot be spaced evenly; choose fewer or smaller ones, or spacing by weight."
        : Path == BlendPath.Geodesic && Images.Count > 2 ? "A geodesic runs between two images; choose barycentres for more."
        : Path == BlendPath.Geodesic && Reference ? "The published procedure makes averages, no geodesics; leave one of both out."
        : null;

    private int Most => averaging ? AverageSpec.MostImages : BlendTargets.MostImages;

    private string What => averaging ? "An average" : "A blend";

    /// <summary>Reads images and metrics.</summary>
    public async Task LoadAsync(IReadOnlyList<ImageRef> images)
    {
        Metrics = [.. (await grains.AskAsync(g => g.Metrics(WorkspaceId.Main).ListAsync())).Where(metric => IsOffered(metric.Name)), new MetricChoice(SquaredError, false, null)];
        _images.Clear();
        foreach (var image in images)
        {
            _images.Add((image, await grains.AskAsync(g => g.Dataset(image.Dataset).GetImageAsync(image.Image))));
        }

        Images = _images;
        Fitting = MustFit ? ImageFitting.Crop : ImageFitting.None;
        Divisions = images.Count == 4 ? Math.Min(Divisions, MostDivisionsOfFour) : Divisions;
    }

    /// <summary>Takes images and settings of an earlier blend.</summary>
    public async Task LoadAsync(BlendId from)
    {
        var blend = await grains.AskAsync(g => g.Blend(from).GetAsync());
        var settings = blend.Settings;
        (Metric, Path, Size, Frames, Divisions, Reference) = (blend.Metric, settings.Path, settings.Size, settings.Frames, settings.Divisions, settings.Reference);
        Even = settings.Spacing == FrameSpacing.Even || blend.Images.Length > 2 || settings.Path == BlendPath.Geodesic;
        (StepsText, SeedText) = (settings.StepsPerFrame.ToString(CultureInfo.InvariantCulture), settings.Seed.ToString(CultureInfo.InvariantCulture));
        await LoadAsync(blend.Images);
    }

    /// <summary>Measures how the images lie to each other and takes the advice.</summary>
    public async Task CheckAsync()
    {
        Report = null;
        if (_images.Count < BlendTargets.FewestImages || _images.Count > Most)
        {
            return;
        }

        var refs = Refs();
        Report = await grains.AskAsync(g => g.BlendInputs(WorkspaceId.Main).CheckAsync(refs));
        await FitAsync(Report.Advice);
    }

    /// <summary>Makes the images fit, for looking at it before anything is blended.</summary>
    public async Task FitAsync(ImageFitting fitting)
    {
        (Fitting, Fitted, FittingProblem) = (fitting, null, null);
        if (fitting == ImageFitting.None)
        {
            return;
        }

        var refs = Refs();
        try
        {
            var fitted = await grains.AskAsync(g => g.BlendInputs(WorkspaceId.Main).FitAsync(refs, fitting));
            if (Fitting == fitting)
            {
                Fitted = fitted;
            }
        }
        catch (RefusedException refused)
        {
            FittingProblem = refused.Message;
        }
    }

    /// <summary>Moves an image to the front.</summary>
    public Task FirstAsync(int place)
    {
        var image = _images[place];
        _images.RemoveAt(place);
        _images.Insert(0, image);
        return CheckAsync();
    }

    /// <summary>The chosen images in their order.</summary>
    public ImageRef[] Refs() => [.. _images.Select(image => image.Ref)];

    /// <summary>Starts; returns the address of the page about it.</summary>
    public async Task<string> StartAsync()
    {
        if (averaging)
        {
            return await StartAverageAsync();
        }

        var id = BlendId.New();
        var plan = new BlendPlan(Refs(), Settings(), Fitting);
        await grains.DoAsync(g => g.Blend(id).CreatePlannedAsync(WorkspaceId.Main, plan));
        return $"/blend/{id}";
    }

    private async Task<string> StartAverageAsync()
    {
        var (job, blend) = (JobId.New(), Settings());
        var settings = new AverageSettings { Size = blend.Size, Steps = blend.StepsPerFrame, Seed = blend.Seed, Metric = blend.Metric, Fitting = Fitting };
        var submission = new JobSubmission(WorkspaceId.Main, $"Average of {_images.Count} exposures", new AverageSpec(Refs(), settings));
        await grains.DoAsync(g => g.Job(job).SubmitAsync(submission));
        return $"/blend/average/{job}";
    }

    /// <summary>A metric for people, with why it cannot be used.</summary>
    public static string Label(MetricChoice metric) =>
        (metric.Name == SquaredError ? BlendWords.Metric(metric.Name) : Words.Metric(metric.Name)) + (metric.Problem is null ? "" : " (weights are not installed)");

    private BlendSettings Settings()
    {
        TryNumber(StepsText, 10, 20_000, out var steps);
        TryNumber(SeedText, 0, long.MaxValue, out var seed);
        return new BlendSettings
        {
            Frames = Frames,
            Divisions = Divisions,
            Size = Size,
            Seed = seed,
            StepsPerFrame = (int)steps,
            Metric = Metric,
            Path = Path,
            Reference = Reference,
            Spacing = MayBeEven && Even ? FrameSpacing.Even : FrameSpacing.Weights,
        };
    }

    private static bool IsOffered(string metric) => metric is "builtin" or "elpips-builtin" or "ssim" or "ms-ssim"
        || metric.StartsWith("lpips-", StringComparison.Ordinal) || metric.StartsWith("elpips-", StringComparison.Ordinal);

    private static bool TryNumber(string text, long least, long most, out long value) =>
        long.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
}
