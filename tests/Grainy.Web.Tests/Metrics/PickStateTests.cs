using Grainy.Contracts.Metrics;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Features.Metrics;
using Grainy.Web.Tests.Fakes;

namespace Grainy.Web.Tests.Metrics;

public sealed class PickStateTests : PageTest
{
    [Fact]
    public async Task First_chosen_image_should_be_the_reference_and_images_of_several_datasets_go_together()
    {
        var state = await LoadAsync(("ds-a", 2), ("ds-b", 1));
        state.Toggle(state.Images[1]);
        await state.OpenAsync(new("ds-b"));
        state.Toggle(state.Images[0]);

        state.Ready.ShouldBeTrue();
        state.Hint.ShouldBe("1 image against 002");
        var plan = state.Plan();
        plan.Images.Select(image => (image.Dataset.Value, image.Image.Value)).ShouldBe([("ds-a", "im-002"), ("ds-b", "im-001")]);
        plan.Metrics.ShouldBe(["psnr", "ssim", "elpips-builtin"]);
    }

    [Fact]
    public async Task Too_many_images_for_all_pairs_should_be_told_with_what_to_do()
    {
        var state = await LoadAsync(("ds-a", 14));
        foreach (var image in state.Images)
        {
            state.Toggle(image);
        }

        state.Ready.ShouldBeTrue();
        state.Layout = ComparisonLayout.Matrix;

        state.Ready.ShouldBeFalse();
        state.Hint.ShouldBe("At most 12 images; take 2 away");
    }

    [Fact]
    public async Task Other_sizes_should_be_named_before_the_server_refuses_them()
    {
        var state = await LoadAsync(("ds-a", 1));
        state.Toggle(state.Images[0]);
        state.Toggle(Some.Image("wide") with { Width = 800 });

        state.Ready.ShouldBeFalse();
        state.Hint.ShouldContain("wide is 800 × 480");
    }

    [Fact]
    public async Task Metrics_that_cannot_be_used_should_not_be_chosen()
    {
        Cluster.Metrics.Choices[1] = new("ssim", true, "No weights; import them.");
        var state = await LoadAsync(("ds-a", 2));

        state.Metrics.Where(state.Uses).Select(metric => metric.Name).ShouldBe(["psnr", "elpips-builtin"]);
    }

    private async Task<PickState> LoadAsync(params (string Dataset, int Images)[] datasets)
    {
        foreach (var (dataset, images) in datasets)
        {
            Cluster.Workspace.Entries.Add(new WorkspaceEntry(EntryKind.Dataset, dataset, dataset, "", default));
            Cluster.Dataset(dataset).Images.AddRange(Enumerable.Range(1, images).Select(Some.Image));
        }

        var state = new PickState(Grains);
        await state.LoadAsync();
        return state;
    }
}
