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
    /// <summary>As many as one training takes.</summary>
    public const int MostImages = 60;

    private const int SmallestSide = 32;

    /// <summary>Presets of the compute time, in seconds.</summary>
    public static IReadOnlyList<(double Seconds, string Name, string Text)> Budgets { get; } =
        [(30, "Quick look", "a first impression"), (120, "Standard", "good for most images"), (600, "Best", "the finest result")];

    /// <summary>Where the images come from; null while loading.</summary>
    public DatasetInfo? Dataset { get; private set; }

    /// <summary>Images that will be trained on and denoised; null while loading.</summary>
    public List<ImageInfo>? Images { get; private set; }

    /// <summary>Clean references and computed images of the choice: they are no noisy input.</summary>
    public int LeftOut { get; private set; }

    /// <summary>What was measured of the images, and what follows.</summary>
    public NoiseState Noise { get; } = new(grains);

    /// <summary>How to train.</summary>
    public TrainOptions Options { get; } = new();

    /// <summary>How fast trainings are here.</summary>
    public TrainingSpeed Speed { get; } = new(grains);

    /// <summary>The person wants to train although it was advised against.</summary>
    public bool DespiteAdvice { get; set; }

    /// <summary>True when it was advised against.</summary>
    public bool IsAdvisedAgainst => Noise.Result is { Advice: NoiseAdvice.Stop, Problems.Length: 0 };

    /// <summary>The built-in denoiser is a medium blind-spot network for colour images, with no place for noise that is learned.</summary>
    public bool CanStartFromBuiltIn => Options is { Method: MethodFacts.BlindSpot, Preset: not "full", Noise.Source: NoiseSource.Estimated or NoiseSource.Given }
        && Images is { } images && images.TrueForAll(image => image.Channels == 3);

    /// <summary>True when the training will adapt the built-in denoiser.</summary>
    public bool IsAdapting => Options.StartFromBuiltIn && CanStartFromBuiltIn;

    /// <summary>Size of the network that will be trained.</summary>
    public string Preset => IsAdapting ? TrainSpec.BuiltInPreset : Options is { Preset: "medium", Method: not MethodFacts.BlindSpot } ? "compact" : Options.Preset;

    /// <summary>The mean of the estimates on the scale [0, 1]; null when there is none.</summary>
    public double? EstimatedSigma => Images is { Count: > 0 } images && images.Exists(image => image.NoiseSigma is not null) ? images.Average(image => image.NoiseSigma) : null;

    /// <summary>The number of the scene of each image, as it is grouped now.</summary>
    public IReadOnlyList<int> Scenes => Options.ScenesOf(Images?.Count ?? 0, Noise.Result?.Scenes);

    /// <summary>Why it cannot start, as one sentence; null when it can.</summary>
    public string? Objection => Images is not { } images ? null
        : images.Count == 0 ? "Choose at least one noisy image in the library."
        : images.Count > MostImages ? $"One training takes at most {MostImages} images; choose fewer."
        : images.Select(image => image.Channels).Distinct().Count() > 1 ? "Grey and colour images cannot be trained together; remove the ones or the others."
        : images.Find(image => Math.Min(image.Width, image.Height) < SmallestSide) is { } small
            ? $"{small.Name} has {Words.Size(small)} pixels, but training needs {SmallestSide} × {SmallestSide}; leave it out, or denoise it with the built-in denoiser on the command line."
        : Noise.Result?.Problems is [var first, ..] ? $"{NameOf(first.Image)}: {first.Text}"
        : MethodFacts.Hindrance(Options.Method, images, Scenes)
            ?? (Options.Method == MethodFacts.BlindSpot && Options.Noise.Source == NoiseSource.Estimated && images.Find(image => image.NoiseSigma is null) is { } unknown
                ? $"The noise of {unknown.Name} could not be estimated; give σ yourself, or remove the image." : null)
            ?? Options.Objection
            ?? (IsAdvisedAgainst && !DespiteAdvice ? "Training is advised against for these images, see above; tick the box to do it all the same." : null);

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

    /// <summary>True when the images can be measured together.</summary>
    public bool CanMeasure => Images is { Count: > 0 and <= NoiseState.MostImages } images && images.Select(image => image.Channels).Distinct().Count() == 1;

    /// <summary>True when images can be kept out of the training to judge it.</summary>
    public bool CanHoldOut => Options.Method == MethodFacts.BlindSpot && Images is { Count: >= 2 };

    /// <summary>Chooses a network by hand; another than the built-in denoiser's starts from nothing.</summary>
    public void ChoosePreset(string preset) => (Options.Preset, Options.StartFromBuiltIn) = (preset, preset == TrainSpec.BuiltInPreset);

    public void Remove(ImageId image) => Images?.RemoveAll(one => one.Id == image);

    /// <summary>The name of an image of the choice.</summary>
    public string NameOf(ImageRef image) => Images?.Find(one => one.Id == image.Image)?.Name ?? image.Image.Value;

    /// <summary>Submits the training.</summary>
    public async Task<JobId> StartAsync()
    {
        if (Objection is { } objection)
        {
            throw new RefusedException(Refusal.Invalid, objection);
        }

        var job = JobId.New();
        var chosen = Options.Spec();
        var spec = chosen with
        {
            Model = ModelId.New(),
            Images = [.. Images!.Select(image => new ImageRef(Dataset!.Id, image.Id))],
            Scenes = [.. Scenes],
            HoldOut = CanHoldOut ? Math.Min(chosen.HoldOut, Images!.Count - 1) : 0,
            Preset = Preset,
            StartFromBuiltIn = IsAdapting,
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
        while (page.Length == take && all.Count <= 4 * MostImages);
        return all;
    }
}
