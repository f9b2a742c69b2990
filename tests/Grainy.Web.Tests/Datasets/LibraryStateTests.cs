using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Features.Datasets;
using Grainy.Web.Tests.Fakes;

namespace Grainy.Web.Tests.Datasets;

public sealed class LibraryStateTests : PageTest
{
    private LibraryState State => field ??= new LibraryState(Grains);

    [Fact]
    public async Task LoadAsync_should_show_nothing_when_the_workspace_is_empty()
    {
        await State.LoadAsync(null);

        State.Current.ShouldBeNull();
        State.Images.ShouldBeEmpty();
    }

    [Fact]
    public async Task TargetAsync_should_make_one_dataset_when_two_drops_come_at_once()
    {
        await State.LoadAsync(null);

        var gate = new TaskCompletionSource();
        Cluster.Workspace.Gate = gate.Task;
        var first = State.TargetAsync();
        var second = State.TargetAsync();
        gate.SetResult();

        (await first).ShouldBe(await second);
        Cluster.Workspace.Entries.ShouldHaveSingleItem().Name.ShouldBe(LibraryState.DefaultName);
    }

    [Fact]
    public async Task AddUploadedAsync_should_put_images_in_their_place_by_name_and_only_once()
    {
        var dataset = await OpenAsync(1, 5);
        Cluster.Dataset(dataset.Value).Images.Add(Some.Image(3));

        await State.AddUploadedAsync(dataset, [Some.Image(3).Id, Some.Image(3).Id]);
        await State.AddUploadedAsync(dataset, [Some.Image(3).Id]);

        State.Images!.Select(image => image.Name).ShouldBe(["001", "003", "005"]);
        State.Current!.Images.ShouldBe(3);
    }

    [Fact]
    public async Task AddUploadedAsync_should_not_touch_another_dataset()
    {
        await OpenAsync(1);

        await State.AddUploadedAsync(new DatasetId("ds-other"), [Some.Image(9).Id]);

        State.Images!.Select(image => image.Name).ShouldBe(["001"]);
    }

    [Fact]
    public async Task MoreAsync_should_read_the_next_images_until_there_are_no_more()
    {
        await OpenAsync([.. Enumerable.Range(1, 130)]);
        State.Images!.Count.ShouldBe(60);
        State.HasMore.ShouldBeTrue();

        await State.AllAsync();

        State.Images.Count.ShouldBe(130);
        State.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Images_should_be_blended_and_compared_in_the_order_in_which_they_were_chosen()
    {
        await OpenAsync(1, 2, 3, 4, 5);
        foreach (var (number, range) in ((int, bool)[])[(5, false), (2, false), (1, false), (3, false), (5, true), (1, false)])
        {
            State.Selection.Toggle(State.Images!, Some.Image(number).Id, range); // 5 2 1 3, then 4 by the range to 5, then 1 off
        }

        State.ChosenInTurn.Select(image => image.Name).ShouldBe(["005", "002", "003", "004"]);
        State.ChosenForComparison.Select(image => image.Image).ShouldBe([.. State.ChosenInTurn.Select(image => image.Id)]);
        State.Chosen.Select(image => image.Name).ShouldBe(["002", "003", "004", "005"]);
        Enumerable.Range(1, 5).Select(number => State.Selection.PlaceOf(Some.Image(number).Id)).ShouldBe([-1, 1, 2, 3, 0]);
    }

    [Fact]
    public async Task DeleteChosenAsync_should_delete_and_its_answer_should_bring_back()
    {
        var dataset = await OpenAsync(1, 2, 3);
        State.Selection.Toggle(State.Images!, Some.Image(2).Id, range: false);

        var undo = await State.DeleteChosenAsync();
        Cluster.Dataset(dataset.Value).Images.Count.ShouldBe(2);
        State.Selection.Count.ShouldBe(0);
        await undo();

        State.Images!.Select(image => image.Name).ShouldBe(["001", "002", "003"]);
    }

    [Fact]
    public async Task SetReferenceAsync_should_name_the_clean_image_of_all_others()
    {
        var dataset = await OpenAsync(1, 2, 3);
        State.Selection.All(State.Images!);

        await State.SetReferenceAsync(Some.Image(3).Id);

        var images = Cluster.Dataset(dataset.Value).Images;
        images.Count(image => image.Reference == Some.Image(3).Id).ShouldBe(2);
        images.Single(image => image.Id == Some.Image(3).Id).Reference.ShouldBeNull();
    }

    [Fact]
    public async Task AddSampleAsync_should_make_a_dataset_and_submit_the_job_that_fills_it()
    {
        await State.LoadAsync(null);

        var job = await State.AddSampleAsync("stars", "Night sky");

        var submission = Cluster.Job(job.Value).Submission.ShouldNotBeNull();
        var spec = submission.Spec.ShouldBeOfType<SampleSpec>();
        spec.Kind.ShouldBe("stars");
        spec.Dataset.ShouldBe(State.Current!.Id);
        State.Current.Name.ShouldBe("Night sky");
    }

    [Theory]
    [InlineData(1, 4, 4)]
    [InlineData(4, 2, 3)]
    public void Selection_should_take_the_range_from_the_last_one_touched(int from, int to, int expected)
    {
        var images = Enumerable.Range(1, 5).Select(Some.Image).ToArray();
        var selection = new Selection();

        selection.Toggle(images, Some.Image(from).Id, range: false);
        selection.Toggle(images, Some.Image(to).Id, range: true);

        selection.Count.ShouldBe(expected);
    }

    private async Task<DatasetId> OpenAsync(params int[] images)
    {
        var dataset = new DatasetId("ds-a");
        Cluster.Workspace.Entries.Add(new WorkspaceEntry(EntryKind.Dataset, dataset.Value, "A", "", default));
        Cluster.Dataset(dataset.Value).Images.AddRange(images.Select(Some.Image));
        await State.LoadAsync(null);
        return dataset;
    }
}
