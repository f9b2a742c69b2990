using Grainy.Contracts;
using Grainy.Contracts.Metrics;
using Grainy.Grains.Jobs.Executors;
using Grainy.Grains.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grainy.Grains.Tests.Metrics;

/// <summary>What is left to measure after the server was killed.</summary>
public sealed class ComparisonRestartTests
{
    private readonly ScriptedExecutor _before = new();
    private readonly ScriptedExecutor _after = new();

    [Fact]
    public async Task Finished_values_should_survive_a_crash_and_not_be_measured_again()
    {
        var folder = TestServer.NewFolder();
        var first = await StartAsync(folder, _before);
        var (_, images) = await first.NewImagesAsync(3);
        var id = ComparisonId.New();
        await TestServer.AsOwner(() => first.Grains.Comparison(id).CreateSetAsync(
            TestServer.Workspace, new ComparisonPlan(ComparisonLayout.Reference, images, ["psnr"])));
        var run = await _before.NextAsync();
        await Caller.AsAsync(Caller.System, () => first.Grains.Comparison(id).AddCellsAsync(run.Assignment.Job, [Some.Cell(0, "psnr", 31.5)]));

        await first.KillAsync();
        await using var second = await StartAsync(folder, _after);

        var resumed = await _after.NextAsync();
        resumed.Assignment.Job.ShouldBe(run.Assignment.Job);
        var work = await Caller.AsAsync(Caller.System, () => ScoreWork.ReadAsync(second.Grains.Comparison(id), TestServer.Workspace, ["psnr"]));
        work.Open.ShouldHaveSingleItem().Pair.ShouldBe(1);
        (await Some.CellsAsync(second.Grains, id)).Single(cell => cell.Pair == 0).Score!.Value.ShouldBe(31.5);
    }

    private static Task<TestServer> StartAsync(string folder, ScriptedExecutor executor) =>
        TestServer.StartAsync(folder, services => services.RemoveAll<IJobExecutor>().AddSingleton<IJobExecutor>(executor));
}
