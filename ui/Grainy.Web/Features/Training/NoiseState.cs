using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Training;

/// <summary>The measurement of the chosen images' noise: asked for once, and found again by whoever chooses the same.</summary>
public sealed class NoiseState(UserGrains grains)
{
    /// <summary>As many as the server measures together.</summary>
    public const int MostImages = 60;

    private const int MostRounds = 3;

    private NoiseSpec? _spec;
    private int _round;

    /// <summary>The job that measures; null before it was asked for.</summary>
    public JobId? Job { get; private set; }

    /// <summary>How far it is.</summary>
    public JobSnapshot? Snapshot { get; private set; }

    /// <summary>What was found; null while it is measured.</summary>
    public NoiseResult? Result => Snapshot?.Result as NoiseResult;

    /// <summary>Why nothing could be found; null while all is well.</summary>
    public string? Problem => Snapshot switch
    {
        { State: JobState.Failed } job => job.Problem ?? "The noise could not be measured.",
        { State: JobState.Cancelled } => "The measurement was stopped.",
        _ => null,
    };

    /// <summary>Asks for the measurement of these images; a failed one is tried again.</summary>
    public async Task AskAsync(DatasetId dataset, IReadOnlyList<ImageInfo> images)
    {
        _spec = new NoiseSpec([.. images.Select(image => new ImageRef(dataset, image.Id))]);
        for (_round = 0; ; _round++)
        {
            await SubmitAsync();
            if (_round == MostRounds || Problem is null)
            {
                return;
            }
        }
    }

    /// <summary>Measures anew after a failure.</summary>
    public Task RetryAsync()
    {
        _round++;
        return SubmitAsync();
    }

    /// <summary>Takes in how far it is; true when the result has just come.</summary>
    public bool Take(JobSnapshot snapshot)
    {
        var had = Result is not null;
        Snapshot = snapshot.Id == Job ? snapshot : Snapshot;
        return !had && Result is not null;
    }

    private async Task SubmitAsync()
    {
        var job = _spec!.JobIn(WorkspaceId.Main, _round);
        var title = $"Noise of {Words.Count(_spec.Images.Length, "image")}";
        await grains.DoAsync(g => g.Job(job).SubmitAsync(new JobSubmission(WorkspaceId.Main, title, _spec)));
        (Job, Snapshot) = (job, await grains.AskAsync(g => g.Job(job).GetAsync()));
    }
}
