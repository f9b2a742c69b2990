using Grainy.Contracts;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Datasets;
using Grainy.Grains.Tests.Kit;

namespace Grainy.Grains.Tests.Datasets;

public sealed class DatasetGrainTests : ServerTests
{
    [Fact]
    public async Task Images_should_be_listed_in_natural_order_and_counted_in_the_workspace()
    {
        var dataset = await NewAsync();
        await TestServer.AsOwner(async () =>
        {
            foreach (var name in (string[])["frame 10.png", "Frame 2.png", "frame 1.png"])
            {
                await Grains.Dataset(dataset).AddImageAsync(TestImages.Info(name));
            }
        });

        var images = await TestServer.AsOwner(() => Grains.Dataset(dataset).GetImagesAsync(0, 60));

        images.Select(image => image.Name).ShouldBe(["frame 1.png", "Frame 2.png", "frame 10.png"]);
        var entry = (await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).ListAsync(EntryKind.Dataset, 0, 10))).ShouldHaveSingleItem();
        (entry.Id, entry.Name, entry.Note).ShouldBe((dataset.Value, "Birds", "3 images"));
    }

    [Fact]
    public async Task Upload_should_not_be_added_twice_and_a_derived_image_beside_it_should()
    {
        var dataset = await NewAsync();
        var upload = TestImages.Info("one.png");

        var (first, again, derived) = await TestServer.AsOwner(async () => (
            await Grains.Dataset(dataset).AddImageAsync(upload),
            await Grains.Dataset(dataset).AddImageAsync(upload with { Id = ImageId.New() }),
            await Grains.Dataset(dataset).AddImageAsync(upload with { Id = ImageId.New(), Parent = upload.Id })));

        again.Id.ShouldBe(first.Id);
        derived.Id.ShouldNotBe(first.Id);
        (await TestServer.AsOwner(() => Grains.Dataset(dataset).GetAsync())).Images.ShouldBe(2);
    }

    [Fact]
    public async Task Page_of_sixty_images_should_fit_into_a_message()
    {
        var (dataset, _) = await Server.NewImagesAsync(60);

        (await TestServer.AsOwner(() => Grains.Dataset(dataset).GetImagesAsync(0, 60))).Length.ShouldBe(60); // the server's filter fails calls of 64 KB and more
    }

    [Fact]
    public async Task Reference_should_be_linked_and_forgotten_when_its_image_goes()
    {
        var (dataset, images) = await Server.NewImagesAsync(2);
        var (noisy, clean) = (images[0].Image, images[1].Image);
        await TestServer.AsOwner(() => Grains.Dataset(dataset).SetReferenceAsync(noisy, clean));
        (await TestServer.AsOwner(() => Grains.Dataset(dataset).GetImageAsync(noisy))).Reference.ShouldBe(clean);

        await TestServer.AsOwner(() => Grains.Dataset(dataset).RemoveImagesAsync([clean]));

        (await TestServer.AsOwner(() => Grains.Dataset(dataset).GetImageAsync(noisy))).Reference.ShouldBeNull();
        var gone = await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(() => Grains.Dataset(dataset).GetImageAsync(clean)));
        gone.Reason.ShouldBe(Refusal.NotFound);
    }

    [Fact]
    public async Task Reference_should_be_refused_when_it_has_another_size()
    {
        var (dataset, images) = await Server.NewImagesAsync(1);
        var small = await TestServer.AsOwner(() => Grains.Dataset(dataset).AddImageAsync(TestImages.Info("small.png", 8, 8)));

        var refused = await Should.ThrowAsync<RefusedException>(
            () => TestServer.AsOwner(() => Grains.Dataset(dataset).SetReferenceAsync(images[0].Image, small.Id)));

        refused.Message.ShouldContain("8 × 8");
        refused.Message.ShouldContain("64 × 64");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    public async Task Name_should_be_refused_when_it_is_no_name(string name) =>
        (await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).CreateDatasetAsync(name))))
            .Reason.ShouldBe(Refusal.Invalid);

    [Fact]
    public void Natural_order_should_sort_numbers_by_value_and_letters_without_case()
    {
        string[] sorted = ["1", "2", "02b", "10", "a", "B", "b2", "b10"];

        sorted.Reverse().Order(NaturalOrder.Instance).ShouldBe(sorted);
    }

    private Task<DatasetId> NewAsync() => TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).CreateDatasetAsync("Birds"));
}
