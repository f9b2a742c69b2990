using System.Globalization;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Training;

/// <summary>What will be trained, and on what.</summary>
public sealed class SetupState(UserGrains grains)
{
    /// <summary>So many references fit one message and one address.</summary>
    public const int MostImages = 200;

    /// <summary>Presets of the compute time, in seconds.</summary>
    public static IReadOnlyList<(double Seconds, string Name, string Text)> Budgets { get; } =
        [(30, "Quick", "a first look"), (120, "Standard", "good for most images"), (600, "Long", "the finest result")];

    /// <summary>Where the images come from; null while loading.</summary>
    public DatasetInfo? Dataset { get; private set; }

    /// <summary>Images that will be trained on and denoised; null while loading.</summary>
    public List<ImageInfo>? Images { get; private set; }

    /// <summary>Clean references and computed images of the choice: they are no noisy input.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Estimate the noise of each image, or use <see cref="SigmaText"/>.</summary>
    public bool EstimateNoise { get; set; } = true;

    /// <summary>What was typed as the noise's standard deviation, in <see cref="SigmaIn8Bit"/> units.</summary>
    public string SigmaText { get; set; } = "25";

    /// <summary>True: on the scale 0 … 255; false: on the scale 0 … 1.</summary>
    public bool SigmaIn8Bit { get; set; } = true;

    public double BudgetSeconds { get; set; } = 120;

    public string SeedText { get; set; } = "1";

    public string Preset { get; set; } = "compact";

    /// <summary>Adapt the built-in denoiser instead of starting from random weights; counts only where <see cref="CanStartFromBuiltIn"/>.</summary>
    public bool StartFromBuiltIn { get; set; } = true;

    /// <summary>The built-in denoiser is a compact network for colour images.</summary>
    public bool CanStartFromBuiltIn => Preset == "compact" && Images is { } images && images.TrueForAll(image => image.Channels == 3);

    /// <summary>The given standard deviation on the scale [0, 1]; null when it is no number from 0.1/255 to 1.</summary>
    public double? GivenSigma =>
        double.TryParse(SigmaText.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value / Scale is >= 0.1 / 255 and <= 1
            ? value / Scale
            : null;

    /// <summary>The mean of the estimates on the scale [0, 1]; null when there is none.</summary>
    public double? EstimatedSigma => Images is { Count: > 0 } images && images.Exists(image => image.NoiseSigma is not null) ? images.Average(image => image.NoiseSigma) : null;

    /// <summary>Why it cannot start, as one sentence; null when it can.</summary>
    public string? Objection
    {
        get
        {
            if (Images is not { } images)
            {
                return null;
            }

            if (images.Count == 0)
            {
                return "Choose at least one noisy image in the library.";
            }

            if (images.Count > MostImages)
            {
                return $"One training takes at most {MostImages} images; choose fewer.";
            }

            if (images.Select(image => image.Channels).Distinct().Count() > 1)
            {
                return "Grey and colour images cannot be trained together; remove the ones or the others.";
            }

            if (EstimateNoise && images.Find(image => image.NoiseSigma is null) is { } unknown)
            {
                return $"The noise of {unknown.Name} could not be estimated; give σ yourself, or remove the image.";
            }

            if (!EstimateNoise && GivenSigma is null)
            {
                return SigmaIn8Bit ? "Give σ as a number from 0.1 to 255." : "Give σ as a number from 0.0004 to 1.";
            }

            return long.TryParse(SeedText, CultureInfo.InvariantCulture, out var seed) && seed >= 0 ? null : "Give the seed as a whole number from 0.";
        }
    }

    private double Scale => SigmaIn8Bit ? 255 : 1;

    /// <summary>Reads the chosen images; an empty choice means all noisy images of the dataset.</summary>
    public async Task LoadAsync(DatasetId dataset, IReadOnlyList<ImageId> chosen)
    {
        var info = await grains.AskAsync(g => g.Dataset(dataset).GetAsync());
        var images = chosen.Count > 0
            ? [.. await Task.WhenAll(chosen.Take(MostImages + 1).Select(id => grains.AskAsync(g => g.Dataset(dataset).GetImageAsync(id))))]
            : await AllAsync(dataset);
        var references = images.Select(image => image.Reference).OfType<ImageId>().ToHashSet();
        var noisy = images.FindAll(image => !references.Contains(image.Id) && image.Parent is null);

        // Somebody who picks only such images means them.
        var kept = noisy.Count > 0 ? noisy : images;
        LeftOut = images.Count - kept.Count;
        (Dataset, Images) = (info, kept);
    }

    public void Remove(ImageId image) => Images?.RemoveAll(one => one.Id == image);

    /// <summary>Submits the training.</summary>
    public async Task<JobId> StartAsync()
    {
        if (Objection is { } objection)
        {
            throw new RefusedException(Refusal.Invalid, objection);
        }

        var job = JobId.New();
        var spec = new TrainSpec
        {
            Model = ModelId.New(),
            Images = [.. Images!.Select(image => new ImageRef(Dataset!.Id, image.Id))],
            NoiseSigma = EstimateNoise ? null : GivenSigma,
            BudgetSeconds = BudgetSeconds,
            Seed = long.Parse(SeedText, CultureInfo.InvariantCulture),
            Preset = Preset,
            StartFromBuiltIn = StartFromBuiltIn && CanStartFromBuiltIn,
        };
        var title = Images!.Count == 1 ? Images[0].Name : $"{Dataset!.Name}, {Words.Count(Images.Count, "image")}";
        await grains.DoAsync(g => g.Job(job).SubmitAsync(new JobSubmission(WorkspaceId.Main, title, spec)));
        return job;
    }

    private async Task<List<ImageInfo>> AllAsync(DatasetId dataset)
    {
        const int take = 60;
        var all = new List<ImageInfo>();
        ImageInfo[] page;
        do
        {
            var skip = all.Count;
            page = await grains.AskAsync(g => g.Dataset(dataset).GetImagesAsync(skip, take));
            all.AddRange(page);
        }
        while (page.Length == take && all.Count <= MostImages);
        return all;
    }
}
