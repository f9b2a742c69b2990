using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training;
using Grainy.Core.Training.Registration;
using Grainy.Grains.Datasets;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Measures the noise of images, finds out which are exposures of one scene, and proposes how to train. Plain arithmetic on the pool.</summary>
internal sealed class NoiseExecutor(ImageBlobs blobs, NoiseMemory memory) : IJobExecutor
{
    private const int MostPairs = 8;
    private const double OneScene = 0.8;

    public bool Handles(JobSpec spec) => spec is NoiseSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var spec = (NoiseSpec)run.Assignment.Spec;
        var infos = await run.Grains.RequireImagesAsync(run.Assignment.Workspace, spec.Images);
        var measured = NoiseAnalysis.Chosen(infos.Length).ToHashSet();
        var found = new NoiseFindings(spec.Images, infos.Sum(info => (long)info.Width * info.Height));
        ImageBuffer? before = null;
        for (var i = 0; i < infos.Length; i++)
        {
            run.Report(new JobProgress { Step = i, Steps = infos.Length, Fraction = (double)i / infos.Length, Activity = $"measuring {infos[i].Name}" });
            var (place, last) = (i, before);
            var image = await blobs.LoadAsync(infos[i].Pixels, cancellationToken);
            before = await Task.Run(() => Take(found, place, infos[place], image, last, measured.Contains(place)), cancellationToken);
        }

        return await Task.Run(found.Conclude, cancellationToken);
    }

    // Returns the image when the next one can be compared with it.
    private ImageBuffer? Take(NoiseFindings found, int place, ImageInfo info, ImageBuffer image, ImageBuffer? before, bool measure)
    {
        if (TrainingInput.Problem(image) is { } problem)
        {
            found.Refuse(place, problem);
            return null;
        }

        if (measure)
        {
            found.Add(place, memory.Of(info.Pixels.Sha256, image, info.Format.StartsWith("JPEG", StringComparison.OrdinalIgnoreCase)));
        }

        if (before is null || !NoiseAnalysis.CanCompare(before, image))
        {
            found.BeginScene(place);
        }
        else if (found.Pairs < MostPairs)
        {
            found.Compare(place, NoiseAnalysis.OfFrames(before, image));
        }
        else
        {
            found.Compare(place, PairRegistration.Measure(before, image).Correlation is > OneScene);
        }

        return image;
    }
}
