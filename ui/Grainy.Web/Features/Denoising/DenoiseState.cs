using Grainy.Contracts;
using Grainy.Contracts.Denoising;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Cluster;
using Grainy.Web.Features.Training;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Denoising;

/// <summary>Images that are denoised with a model that is there: how far it is, and what came out.</summary>
public sealed class DenoiseState(UserGrains grains, JobId id)
{
    public JobId Id => id;

    /// <summary>Null while loading.</summary>
    public JobSnapshot? Job { get; private set; }

    /// <summary>What was asked for.</summary>
    public DenoiseSpec? Spec { get; private set; }

    /// <summary>The pair that is shown; null until there is one.</summary>
    public ShownResult? Shown { get; private set; }

    /// <summary>Place of the shown pair.</summary>
    public int Index { get; private set; }

    /// <summary>Trained models of the workspace, newest first; null while loading.</summary>
    public IReadOnlyList<WorkspaceEntry>? Models { get; private set; }

    /// <summary>What came out.</summary>
    public IReadOnlyList<DenoisedImage> Results => Job?.Result?.Denoised() ?? [];

    /// <summary>Images that could not be denoised.</summary>
    public IReadOnlyList<ImageProblem> Problems => (Job?.Result as DenoiseResult)?.Problems ?? [];

    /// <summary>State and model in one line.</summary>
    public string Headline => Job switch
    {
        null => "",
        { State: JobState.Queued, QueuePosition: > 0 } job => $"{Words.Count(job.QueuePosition, "job")} before it",
        { State: JobState.Queued } => "next in the queue",
        { Progress: { Activity.Length: > 0 } progress } job when job.State.IsActive() => progress.Activity,
        { EndedAt: { } ended } job => $"in {Words.Duration(Math.Max(1, (ended - job.CreatedAt).TotalSeconds))}",
        _ => "",
    };

    /// <summary>Where these images can be trained on.</summary>
    public string TrainAddress => $"/train/new?dataset={Spec!.Images[0].Dataset}&images={string.Join(',', Spec.Images.Select(image => image.Image))}";

    /// <summary>Denoises images with the built-in denoiser or another model; the answer is the job.</summary>
    public static async Task<JobId> StartAsync(UserGrains grains, string title, DenoiseSpec spec)
    {
        var job = JobId.New();
        await grains.DoAsync(g => g.Job(job).SubmitAsync(new JobSubmission(WorkspaceId.Main, title, spec)));
        return job;
    }

    /// <summary>Takes in a change; reads the first pair once there is one.</summary>
    public async Task TakeAsync(JobSnapshot job)
    {
        Spec ??= await grains.AskAsync(g => g.Job(id).GetSpecAsync()) as DenoiseSpec
            ?? throw new RefusedException(Refusal.NotFound, "This job has denoised nothing by itself; its result is on its own page.");
        Job = job; // last: the page shows nothing before both are known
        if (Results.Count > 0 && Shown is null)
        {
            await ShowAsync(0);
        }
    }

    /// <summary>Reads and shows one of the pairs.</summary>
    public async Task ShowAsync(int index) => (Index, Shown) = (index, await ShownResult.ReadAsync(grains, Results[index]));

    /// <summary>Reads which models there are.</summary>
    public async Task LoadModelsAsync() =>
        Models = [.. (await EntryPages.AllAsync(grains, EntryKind.Model)).Where(model => model.Note != "in training")];

    /// <summary>Ends the work.</summary>
    public Task CancelAsync() => grains.DoAsync(g => g.Job(id).CancelAsync());

    /// <summary>The same images with another model.</summary>
    public Task<JobId> AgainAsync(ModelId? model) => StartAsync(grains, Job!.Title, Spec! with { Model = model });

    /// <summary>Makes a comparison of the shown pair and starts measuring it.</summary>
    public Task<ComparisonId> CompareAsync() => Shown!.CompareAsync(grains, Job!.Workspace);
}
