using Grainy.Core.Attacks;

namespace Grainy.Core.Tests.Attacks;

public sealed class ContactSheetTests
{
    [Fact]
    public void Compose_should_place_pictures_with_gaps_and_make_grey_ones_rgb()
    {
        var (grey, red) = (ImageFixtures.Make(1, 2, 3, (_, _, _) => 0.5), ImageFixtures.Make(3, 4, 5, (c, _, _) => c == 0 ? 1 : 0));

        var sheet = ContactSheet.Compose([[grey, red], [], [red]]);

        (sheet.Channels, sheet.Width, sheet.Height).ShouldBe((3, 6 + 3 + 6 + 5 + 6, 6 + 4 + 6 + 4 + 6));
        float At(int channel, int y, int x) => sheet.Plane(channel)[(y * sheet.Width) + x];
        (At(0, 6, 6), At(2, 7, 8), At(0, 6, 15), At(1, 9, 19)).ShouldBe((0.5f, 0.5f, 1f, 0f));
        (At(0, 8, 6), At(1, 0, 0), At(0, 16, 6), At(2, 19, 10)).ShouldBe((0.92f, 0.92f, 1f, 0f));
    }

    [Fact]
    public void Difference_should_be_enlarged_around_grey_and_clipped()
    {
        var (a, b) = (ImageFixtures.Make(1, 1, 3, (_, _, x) => x * 0.5), ImageFixtures.Make(1, 1, 3, (_, _, _) => 0.5));

        ContactSheet.Difference(a, b, 0.5).Planes.ShouldBe([0.25f, 0.5f, 0.75f]);
        ContactSheet.Difference(a, b, 4).Planes.ShouldBe([0f, 0.5f, 1f]);
        Should.Throw<ArgumentException>(() => ContactSheet.Difference(a, ImageFixtures.Make(1, 3, 1, (_, _, _) => 0), 1));
        Should.Throw<ArgumentException>(() => ContactSheet.Compose([[]]));
    }
}
