using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;

namespace Grainy.Web.Tests.Fakes;

internal sealed class FakeWorkspace(FakeCluster cluster) : IWorkspaceGrain
{
    public List<WorkspaceEntry> Entries { get; } = [];

    /// <summary>Thrown by each listing while set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Listings wait for it, to hold a page in its loading state.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task<WorkspaceEntry[]> ListAsync(EntryKind kind, int skip, int take)
    {
        cluster.Callers.Add(Caller.Current);
        await Gate;
        return Failure is null ? [.. Entries.Where(entry => entry.Kind == kind).Skip(skip).Take(take)] : throw Failure;
    }

    public Task<DatasetId> CreateDatasetAsync(string name)
    {
        cluster.Callers.Add(Caller.Current);
        var id = new DatasetId($"ds-{Entries.Count + 1}");
        Entries.Insert(0, new WorkspaceEntry(EntryKind.Dataset, id.Value, name, "", default));
        cluster.Dataset(id.Value).Name = name;
        return Task.FromResult(id);
    }

    public Task<WorkspaceRole> GetRoleAsync(UserId user) => Task.FromResult(WorkspaceRole.Owner);

    public Task SetMemberAsync(UserId user, WorkspaceRole role) => Task.CompletedTask;

    public Task RegisterAsync(WorkspaceEntry entry) => Task.CompletedTask;

    public Task UnregisterAsync(EntryKind kind, string id) => Task.CompletedTask;
}

internal sealed class FakeDataset(FakeCluster cluster, DatasetId id) : IDatasetGrain
{
    public string Name { get; set; } = "Set";

    public List<ImageInfo> Images { get; } = [];

    public int Reads { get; private set; }

    public Task CreateAsync(WorkspaceId workspace, string name) => Task.CompletedTask;

    public Task<DatasetInfo> GetAsync()
    {
        cluster.Callers.Add(Caller.Current);
        return Task.FromResult(new DatasetInfo(id, WorkspaceId.Main, Name, Images.Count, default));
    }

    public Task<ImageInfo[]> GetImagesAsync(int skip, int take)
    {
        Reads++;
        return Task.FromResult(Images.OrderBy(image => image.Name, StringComparer.Ordinal).Skip(skip).Take(take).ToArray());
    }

    public Task<ImageInfo> GetImageAsync(ImageId image) =>
        Task.FromResult(Images.Find(one => one.Id == image) ?? throw new RefusedException(Refusal.NotFound, "This image is not here (any more)."));

    public Task<ImageInfo> AddImageAsync(ImageInfo image)
    {
        Images.Add(image);
        return Task.FromResult(image);
    }

    public Task RemoveImagesAsync(ImageId[] images)
    {
        Images.RemoveAll(image => images.Contains(image.Id));
        return Task.CompletedTask;
    }

    public Task SetReferenceAsync(ImageId image, ImageId? reference)
    {
        var at = Images.FindIndex(one => one.Id == image);
        Images[at] = Images[at] with { Reference = reference };
        return Task.CompletedTask;
    }

    public Task RenameAsync(string name)
    {
        Name = name;
        return Task.CompletedTask;
    }
}

internal sealed class FakeJob(FakeCluster cluster, JobId id) : FakeTopic<JobSnapshot>(cluster), IJobGrain
{
    public JobSubmission? Submission { get; set; }

    public bool Cancelled { get; private set; }

    public Task SubmitAsync(JobSubmission submission)
    {
        Called();
        if (Submission is not null)
        {
            return Task.CompletedTask; // as the real one: submitting again changes nothing
        }

        Submission = submission;
        Set(new JobSnapshot { Id = id, Workspace = submission.Workspace, Title = submission.Title, State = JobState.Queued });
        return Task.CompletedTask;
    }

    public Task CancelAsync()
    {
        Called();
        Cancelled = true;
        return Task.CompletedTask;
    }

    /// <summary>What was asked of it besides, in order.</summary>
    public List<string> Wishes { get; } = [];

    public Task PauseAsync() => Wish("pause");

    public Task ResumeAsync() => Wish("resume");

    public Task FinishAsync() => Wish("finish");

    public Task ExtendAsync(double seconds) => Wish(FormattableString.Invariant($"extend {seconds}"));

    public Task<JobSnapshot> GetAsync()
    {
        Called();
        return Task.FromResult(Stamped());
    }

    public Task<JobSpec> GetSpecAsync() => Task.FromResult(Submission!.Spec);

    private Task Wish(string wish)
    {
        Called();
        Wishes.Add(wish);
        return Task.CompletedTask;
    }
}

internal sealed class FakeSession(FakeCluster cluster) : FakeTopic<SessionSnapshot>(cluster), ISessionGrain
{
    public (SessionSubject Subject, TimeSpan Lifetime)? Opened { get; private set; }

    public Task<string> OpenAsync(WorkspaceId workspace, SessionSubject subject, TimeSpan lifetime)
    {
        Called();
        Opened = (subject, lifetime);
        return Task.FromResult("secret-of-the-link");
    }

    public Task<SessionMember> JoinAsync(string? secret, string name) => throw new NotSupportedException();

    public Task HeartbeatAsync(string member) => Task.CompletedTask;

    public Task LeaveAsync(string member) => Task.CompletedTask;

    public Task MoveAsync(string member, string field, double value, long sequence) => Task.CompletedTask;

    public Task MoveManyAsync(string member, string field, double[] values, long sequence) => Task.CompletedTask;

    public Task CloseAsync()
    {
        Called();
        return ChangeAsync(State! with { Closed = true });
    }

    public Task<SessionSnapshot> GetAsync() => Task.FromResult(Stamped());

    public Task<bool> AdmitsAsync(string member, SessionSubject subject) => Task.FromResult(true);
}
