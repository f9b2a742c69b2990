using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Layout;
using Grainy.Web.Tests.Fakes;

namespace Grainy.Web.Tests.Layout;

public sealed class JobPillStateTests : PageTest
{
    private JobPillState State => field ??= new JobPillState(Grains);

    [Fact]
    public async Task Pill_should_be_empty_when_nothing_runs()
    {
        Add("job-1", Some.Job("job-1", JobState.Succeeded));

        await State.RefreshAsync();

        State.Text.ShouldBe("");
        State.Active.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pill_should_count_what_runs_and_say_the_longest_time_left()
    {
        Add("job-1", Some.Job("job-1", JobState.Running, new JobProgress { EtaSeconds = 70 }));
        Add("job-2", Some.Job("job-2", JobState.Running, new JobProgress { EtaSeconds = 20 }));
        Add("job-3", Some.Job("job-3", JobState.Queued));

        await State.RefreshAsync();

        State.Text.ShouldBe("2 running · 2 min");
    }

    [Fact]
    public async Task Pill_should_lead_to_what_the_job_is_about()
    {
        Add("job-1", Some.Job("job-1", JobState.Queued), new ScoreSpec(new ComparisonId("cmp-1"), null!, null!, 1));

        await State.RefreshAsync();

        State.Text.ShouldBe("1 waiting");
        State.AddressOf(State.Active[0]).ShouldBe("/compare/cmp-1");
    }

    [Fact]
    public async Task Pill_should_not_ask_again_for_jobs_that_have_ended()
    {
        Add("job-1", Some.Job("job-1", JobState.Failed));
        await State.RefreshAsync();
        Cluster.Callers.Clear();

        await State.RefreshAsync();

        Cluster.Callers.Count.ShouldBe(1, "one call for the list");
    }

    private void Add(string id, JobSnapshot job, JobSpec? spec = null)
    {
        Cluster.Workspace.Entries.Add(new WorkspaceEntry(EntryKind.Job, id, "a job", "", default));
        Cluster.Job(id).Submission = new JobSubmission(WorkspaceId.Main, "a job", spec ?? new TrainSpec { Model = new ModelId("mo-1"), Images = [] });
        Cluster.Job(id).Set(job);
    }
}
