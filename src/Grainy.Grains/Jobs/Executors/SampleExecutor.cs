using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Core.Images;
using Grainy.Core.Samples;
using Grainy.Grains.Datasets;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Makes a sample set on the pool, not on the device, and adds its images one by one, each with its clean version where there is one.</summary>
internal sealed class SampleExecutor(ImageIngest ingest) : IJobExecutor
{
    public bool Handles(JobSpec spec) => spec is SampleSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var spec = (SampleSpec)run.Assignment.Spec;
        var references = new Dictionary<ImageBuffer, ImageId>(ReferenceEqualityComparer.Instance);
        using var images = SampleSets.Generate(spec.Kind, unchecked((ulong)spec.Seed)).GetEnumerator();
        var count = 0;
        for (; await Task.Run(images.MoveNext, cancellationToken); count++)
        {
            var sample = images.Current;
            run.Report(new JobProgress { Step = count + 1, Activity = $"making {sample.Name}" });
            var reference = await AddReferenceAsync(run, sample, references, cancellationToken);
            await AddAsync(run, $"{count}", sample.Name, sample.Image, sample.Format, reference, cancellationToken);
        }

        return new SampleResult(count + references.Count);
    }

    private async Task<ImageId?> AddReferenceAsync(JobRun run, SampleImage sample, Dictionary<ImageBuffer, ImageId> known, CancellationToken cancellationToken)
    {
        if (sample.Reference is not { } clean)
        {
            return null;
        }

        if (!known.TryGetValue(clean, out var id))
        {
            var name = $"{Path.GetFileNameWithoutExtension(sample.Name)} reference{ImageWriter.Extension(OutputFormat.Tiff32F)}";
            id = known[clean] = await AddAsync(run, $"ref-{known.Count}", name, clean, OutputFormat.Tiff32F, null, cancellationToken);
        }

        return id;
    }

    // The file goes the way of an upload, so that its pixels are those that the file holds. Ids repeat in each attempt: nothing is added twice.
    private async Task<ImageId> AddAsync(
        JobRun run, string place, string name, ImageBuffer image, OutputFormat format, ImageId? reference, CancellationToken cancellationToken)
    {
        var spec = (SampleSpec)run.Assignment.Spec;
        using var file = new MemoryStream();
        await Task.Run(() => ImageWriter.Write(image, file, format), cancellationToken);
        file.Position = 0;
        var info = await ingest.StoreAsync(ImageId.Of(run.Assignment.Job, place), name, file, cancellationToken);
        var added = await run.Grains.Dataset(spec.Dataset).AddImageAsync(info with { Recipe = $"Sample set '{spec.Kind}', seed {spec.Seed}", Reference = reference });
        return added.Id;
    }
}
