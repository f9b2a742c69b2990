using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Features.Training;
using Grainy.Web.Tests.Fakes;

namespace Grainy.Web.Tests.Training;

public sealed class TrainStateTests : PageTest
{
    private TrainState State => field ??= new TrainState(Grains);

    [Fact]
    public async Task LoadAsync_should_list_trainings_only()
    {
        Add("job-1", new TrainSpec { Model = new ModelId("mo-1"), Images = [] }, JobState.Running);
        Add("job-2", new SampleSpec(new DatasetId("ds-a"), "stars", 1), JobState.Succeeded);

        await State.LoadAsync();

        State.Rows!.Select(row => row.Job.Id.Value).ShouldBe(["job-1"]);
        State.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task RefreshAsync_should_follow_trainings_that_have_not_ended()
    {
        Add("job-1", new TrainSpec { Model = new ModelId("mo-1"), Images = [] }, JobState.Running);
        Add("job-2", new TrainSpec { Model = new ModelId("mo-2"), Images = [] }, JobState.Failed);
        await State.LoadAsync();
        Cluster.Job("job-1").Set(Some.Job("job-1", JobState.Succeeded));
        Cluster.Callers.Clear();

        (await State.RefreshAsync()).ShouldBeTrue();

        State.Rows![0].Job.State.ShouldBe(JobState.Succeeded);
        Cluster.Callers.Count.ShouldBe(1, "the ended one is not asked again");
        (await State.RefreshAsync()).ShouldBeFalse();
    }

    private void Add(string id, JobSpec spec, JobState state)
    {
        Cluster.Workspace.Entries.Add(new WorkspaceEntry(EntryKind.Job, id, "a job", "", default));
        Cluster.Job(id).Submission = new JobSubmission(WorkspaceId.Main, "a job", spec);
        Cluster.Job(id).Set(Some.Job(id, state));
    }
}
