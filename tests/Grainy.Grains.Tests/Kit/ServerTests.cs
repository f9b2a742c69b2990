using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Grains.Tests.Kit;

/// <summary>Tests with one server and one scripted executor each.</summary>
public abstract class ServerTests : IAsyncLifetime
{
    private TestServer? _server;

    private protected ScriptedExecutor Executor { get; } = new();

    private protected TestServer Server => _server!;

    private protected IGrainFactory Grains => Server.Grains;

    private protected T Service<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(Executor);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Server.DisposeAsync();
    }

    /// <summary>Submits a training of one image as the owner.</summary>
    private protected async Task<(JobId Job, TrainSpec Spec)> SubmitTrainingAsync(string? subject = null)
    {
        var (_, images) = await Server.NewImagesAsync(1);
        var (job, spec) = (JobId.New(), new TrainSpec { Model = ModelId.New(), Images = images });
        await Caller.AsAsync(subject ?? TestServer.Owner, () => Grains.Job(job).SubmitAsync(new JobSubmission(TestServer.Workspace, "Training", spec)));
        return (job, spec);
    }

    private protected Task<LiveProbe<JobSnapshot>> WatchAsync(JobId job) => LiveProbe<JobSnapshot>.WatchAsync(Grains, Grains.Job(job), TestServer.Owner);

    internal static TrainResult ResultOf(TrainSpec spec) => new(
        TestImages.Blob("weights"), 100, [new DenoisedImage(spec.Images[0], new ImageRef(spec.Images[0].Dataset, ImageId.New()), null, double.PositiveInfinity)]);
}
