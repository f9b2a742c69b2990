using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;

namespace Grainy.Web.Tests.Fakes;

internal sealed class FakeBlend(FakeCluster cluster) : FakeTopic<BlendSnapshot>(cluster), IBlendGrain
{
    public bool Stopped { get; private set; }

    public BlendPlan? Plan { get; private set; }

    public List<(int? Frame, int Steps)> Extended { get; } = [];

    public Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right, BlendSettings settings) => Task.CompletedTask;

    public Task CreatePlannedAsync(WorkspaceId workspace, BlendPlan plan)
    {
        Called();
        Plan = plan;
        return Task.CompletedTask;
    }

    public Task<JobId> ComputeAsync() => Task.FromResult(new JobId("job-blend"));

    public Task StopAsync()
    {
        Called();
        Stopped = true;
        return Task.CompletedTask;
    }

    public Task<JobId> ExtendAsync(int? frame, int steps)
    {
        Called();
        Extended.Add((frame, steps));
        return Task.FromResult(new JobId("job-blend"));
    }

    public Task<int> WishAsync(double[] weights) => Task.FromResult(0);

    public Task NearAsync(double[] weights) => Task.CompletedTask;

    public Task<BlendSnapshot> GetAsync() => Task.FromResult(Stamped());

    public Task<BlendStage[]> GetStagesAsync(int frame) => Task.FromResult<BlendStage[]>([]);

    public Task AddFrameAsync(JobId job, BlendFrame frame) => Task.CompletedTask;

    public Task AddStagesAsync(JobId job, BlendFrame frame, BlendStage[] stages) => Task.CompletedTask;

    public Task SetSpacingAsync(JobId job, ChainSpacing spacing) => Task.CompletedTask;

    public Task RespaceAsync(JobId job, MovedFrame[] frames, ChainSpacing before, ChainSpacing after) => throw new NotSupportedException();

    public Task<BlendWishes> GetWishesAsync() => Task.FromResult(new BlendWishes(null, 0));
}

internal sealed class FakeBlendInputs : IBlendInputsGrain
{
    public FittingReport Report { get; set; } = new(true, false, [], ImageFitting.None);

    public Task<FittingReport> CheckAsync(ImageRef[] images) => Task.FromResult(Report);

    public Task<FittedImages> FitAsync(ImageRef[] images, ImageFitting fitting) =>
        Task.FromResult(new FittedImages([.. images.Select(image => Some.Image(image.Image.Value))], [$"{fitting} was done."]));
}
