using System.Reflection;
using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Tests.Kit;

namespace Grainy.Grains.Tests.Access;

/// <summary>Every method that is for people, called for real by somebody who has no right to it.</summary>
public sealed class AccessTests : ServerTests
{
    [Fact]
    public async Task Strangers_should_be_refused_by_every_method_for_people()
    {
        var calls = await CallsAsync();
        calls.Keys.Order().ShouldBe(MethodsForPeople().Order(), "each method needs a decision here");

        foreach (var (name, call) in calls)
        {
            (await Should.ThrowAsync<RefusedException>(() => Caller.AsAsync(TestServer.Stranger, call), name)).Reason.ShouldBe(Refusal.Forbidden, name);
            (await Should.ThrowAsync<RefusedException>(call, $"{name} without a subject")).Reason.ShouldBe(Refusal.Forbidden, name);
        }
    }

    [Fact]
    public async Task Stranger_should_learn_that_he_has_no_role()
    {
        var role = await Caller.AsAsync(TestServer.Stranger, () => Grains.Workspace(TestServer.Workspace).GetRoleAsync(new UserId("stranger")));

        role.ShouldBe(WorkspaceRole.None);
    }

    [Fact]
    public async Task Interfaces_of_the_system_should_be_closed_to_people()
    {
        var ticket = new JobTicket(JobId.New(), Lane.Batch, "ann");
        Func<Task>[] calls =
        [
            () => Grains.Scheduler().EnqueueAsync(ticket),
            () => Grains.Device(Server.Device).StopAsync(ticket.Job),
            () => Grains.GetGrain<IJobRunGrain>("job-x").FailAsync(1, "no"),
        ];

        foreach (var call in calls)
        {
            (await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(call))).Reason.ShouldBe(Refusal.Forbidden);
        }
    }

    [Fact]
    public async Task Viewer_should_look_and_not_touch()
    {
        var bob = new UserId("bob");
        var (dataset, images) = await Server.NewImagesAsync(1);
        await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).SetMemberAsync(bob, WorkspaceRole.Viewer));

        (await Caller.AsAsync(Caller.User(bob), () => Grains.Dataset(dataset).GetImagesAsync(0, 10))).Length.ShouldBe(1);
        var refused = await Should.ThrowAsync<RefusedException>(
            () => Caller.AsAsync(Caller.User(bob), () => Grains.Dataset(dataset).RemoveImagesAsync([images[0].Image])));
        refused.Message.ShouldContain("editor");
    }

    private static IEnumerable<string> MethodsForPeople() => typeof(IUserFacing).Assembly.GetTypes()
        .Where(type => type.IsInterface && type != typeof(IUserFacing) && typeof(IUserFacing).IsAssignableFrom(type))
        .SelectMany(type => type.GetInterfaces().Append(type)
            .Where(contract => contract.Namespace!.StartsWith("Grainy.", StringComparison.Ordinal))
            .SelectMany(contract => contract.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Select(method => $"{type.Name}.{method.Name}"));

    private async Task<Dictionary<string, Func<Task>>> CallsAsync()
    {
        var (dataset, images) = await Server.NewImagesAsync(2);
        var (job, spec) = await SubmitTrainingAsync();
        await Executor.NextAsync();
        var (comparison, blend, session) = (ComparisonId.New(), BlendId.New(), SessionId.New());
        var subject = new SessionSubject(SubjectKind.Comparison, comparison.Value);
        await TestServer.AsOwner(async () =>
        {
            await Grains.Comparison(comparison).CreateAsync(TestServer.Workspace, images[0], images[1]);
            await Grains.Blend(blend).CreateAsync(TestServer.Workspace, images[0], images[1], new BlendSettings());
            await Grains.Session(session).OpenAsync(TestServer.Workspace, subject, TimeSpan.FromHours(1));
        });
        var observer = Grains.CreateObjectReference<ILiveObserver>(new LiveProbe<JobSnapshot>());
        var (w, d, m, j) = (Grains.Workspace(TestServer.Workspace), Grains.Dataset(dataset), Grains.Model(spec.Model), Grains.Job(job));
        var (c, b, s) = (Grains.Comparison(comparison), Grains.Blend(blend), Grains.Session(session));
        var frame = new BlendFrame(0, 0, 0, 0, TestImages.Blob("png"), TestImages.Blob("npy"), true);
        return new()
        {
            ["IWorkspaceGrain.GetRoleAsync"] = () => w.GetRoleAsync(new UserId("ann")),
            ["IWorkspaceGrain.SetMemberAsync"] = () => w.SetMemberAsync(new UserId("stranger"), WorkspaceRole.Owner),
            ["IWorkspaceGrain.CreateDatasetAsync"] = () => w.CreateDatasetAsync("Mine"),
            ["IWorkspaceGrain.RegisterAsync"] = () => w.RegisterAsync(new WorkspaceEntry(EntryKind.Job, "x", "x", "x", default)),
            ["IWorkspaceGrain.UnregisterAsync"] = () => w.UnregisterAsync(EntryKind.Dataset, dataset.Value),
            ["IWorkspaceGrain.ListAsync"] = () => w.ListAsync(EntryKind.Dataset, 0, 10),
            ["IDatasetGrain.CreateAsync"] = () => Grains.Dataset(DatasetId.New()).CreateAsync(TestServer.Workspace, "Mine"),
            ["IDatasetGrain.GetAsync"] = d.GetAsync,
            ["IDatasetGrain.GetImagesAsync"] = () => d.GetImagesAsync(0, 10),
            ["IDatasetGrain.GetImageAsync"] = () => d.GetImageAsync(images[0].Image),
            ["IDatasetGrain.AddImageAsync"] = () => d.AddImageAsync(TestImages.Info("mine.png")),
            ["IDatasetGrain.RemoveImagesAsync"] = () => d.RemoveImagesAsync([images[0].Image]),
            ["IDatasetGrain.SetReferenceAsync"] = () => d.SetReferenceAsync(images[0].Image, images[1].Image),
            ["IDatasetGrain.RenameAsync"] = () => d.RenameAsync("Mine"),
            ["IModelGrain.CreateAsync"] = () => Grains.Model(ModelId.New()).CreateAsync(TestServer.Workspace, "Mine", spec, job),
            ["IModelGrain.PromoteAsync"] = () => m.PromoteAsync(TestImages.Blob("x"), 1),
            ["IModelGrain.GetAsync"] = m.GetAsync,
            ["IJobGrain.SubmitAsync"] = () => Grains.Job(JobId.New()).SubmitAsync(new JobSubmission(TestServer.Workspace, "Mine", spec)),
            ["IJobGrain.CancelAsync"] = j.CancelAsync,
            ["IJobGrain.PauseAsync"] = j.PauseAsync,
            ["IJobGrain.ResumeAsync"] = j.ResumeAsync,
            ["IJobGrain.FinishAsync"] = j.FinishAsync,
            ["IJobGrain.ExtendAsync"] = () => j.ExtendAsync(60),
            ["IJobGrain.GetAsync"] = j.GetAsync,
            ["IJobGrain.GetSpecAsync"] = j.GetSpecAsync,
            ["IJobGrain.WatchAsync"] = () => j.WatchAsync(observer),
            ["IJobGrain.UnwatchAsync"] = () => j.UnwatchAsync(observer),
            ["IComparisonGrain.CreateAsync"] = () => Grains.Comparison(ComparisonId.New()).CreateAsync(TestServer.Workspace, images[0], images[1]),
            ["IComparisonGrain.ScoreAsync"] = c.ScoreAsync,
            ["IComparisonGrain.GetAsync"] = c.GetAsync,
            ["IComparisonGrain.AddScoresAsync"] = () => c.AddScoresAsync(job, []),
            ["IComparisonGrain.CreateSetAsync"] = () => Grains.Comparison(ComparisonId.New()).CreateSetAsync(
                TestServer.Workspace, new ComparisonPlan(ComparisonLayout.Matrix, images, [])),
            ["IComparisonGrain.GetImagesAsync"] = () => c.GetImagesAsync(0, 1),
            ["IComparisonGrain.GetCellsAsync"] = () => c.GetCellsAsync(0, 1),
            ["IComparisonGrain.RefineAsync"] = () => c.RefineAsync(null, null),
            ["IComparisonGrain.CancelAsync"] = c.CancelAsync,
            ["IComparisonGrain.AddCellsAsync"] = () => c.AddCellsAsync(job, []),
            ["IComparisonGrain.MapAsync"] = () => c.MapAsync(0, "psnr"),
            ["IComparisonGrain.GetMapAsync"] = () => c.GetMapAsync(0, "psnr"),
            ["IComparisonGrain.AddMapAsync"] = () => c.AddMapAsync(new ComparisonMap { Pair = 0, Metric = "psnr", Job = job }),
            ["IMetricsGrain.ListAsync"] = () => Grains.Metrics(TestServer.Workspace).ListAsync(),
            ["IComparisonGrain.WatchAsync"] = () => c.WatchAsync(observer),
            ["IComparisonGrain.UnwatchAsync"] = () => c.UnwatchAsync(observer),
            ["IBlendGrain.CreateAsync"] = () => Grains.Blend(BlendId.New()).CreateAsync(TestServer.Workspace, images[0], images[1], new BlendSettings()),
            ["IBlendGrain.ComputeAsync"] = b.ComputeAsync,
            ["IBlendGrain.StopAsync"] = b.StopAsync,
            ["IBlendGrain.GetAsync"] = b.GetAsync,
            ["IBlendGrain.AddFrameAsync"] = () => b.AddFrameAsync(job, frame),
            ["IBlendGrain.CreatePlannedAsync"] = () => Grains.Blend(BlendId.New()).CreatePlannedAsync(TestServer.Workspace, new BlendPlan(images, new BlendSettings(), ImageFitting.None)),
            ["IBlendGrain.ExtendAsync"] = () => b.ExtendAsync(null, 100),
            ["IBlendGrain.WishAsync"] = () => b.WishAsync([0.3, 0.7]),
            ["IBlendGrain.NearAsync"] = () => b.NearAsync([0.3, 0.7]),
            ["IBlendGrain.GetStagesAsync"] = () => b.GetStagesAsync(0),
            ["IBlendGrain.AddStagesAsync"] = () => b.AddStagesAsync(job, frame, []),
            ["IBlendGrain.SetSpacingAsync"] = () => b.SetSpacingAsync(job, new ChainSpacing([], [], 0)),
            ["IBlendGrain.RespaceAsync"] = () => b.RespaceAsync(job, [], new ChainSpacing([], [], 0), new ChainSpacing([], [], 0)),
            ["IBlendGrain.GetWishesAsync"] = b.GetWishesAsync,
            ["IBlendInputsGrain.CheckAsync"] = () => Grains.BlendInputs(TestServer.Workspace).CheckAsync(images),
            ["IBlendInputsGrain.FitAsync"] = () => Grains.BlendInputs(TestServer.Workspace).FitAsync(images, ImageFitting.Crop),
            ["IBlendGrain.WatchAsync"] = () => b.WatchAsync(observer),
            ["IBlendGrain.UnwatchAsync"] = () => b.UnwatchAsync(observer),
            ["ISessionGrain.OpenAsync"] = () => Grains.Session(SessionId.New()).OpenAsync(TestServer.Workspace, subject, TimeSpan.FromHours(1)),
            ["ISessionGrain.JoinAsync"] = () => s.JoinAsync(null, "Mallory"),
            ["ISessionGrain.HeartbeatAsync"] = () => s.HeartbeatAsync("g-x"),
            ["ISessionGrain.LeaveAsync"] = () => s.LeaveAsync("g-x"),
            ["ISessionGrain.MoveAsync"] = () => s.MoveAsync("g-x", "divider", 0.5, 1),
            ["ISessionGrain.MoveManyAsync"] = () => s.MoveManyAsync("g-x", "blend", [0.5, 0.2, 0.3], 1),
            ["ISessionGrain.CloseAsync"] = s.CloseAsync,
            ["ISessionGrain.GetAsync"] = s.GetAsync,
            ["ISessionGrain.AdmitsAsync"] = () => s.AdmitsAsync("g-x", subject),
            ["ISessionGrain.WatchAsync"] = () => s.WatchAsync(observer),
            ["ISessionGrain.UnwatchAsync"] = () => s.UnwatchAsync(observer),
        };
    }
}
