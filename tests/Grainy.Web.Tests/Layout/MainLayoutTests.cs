using System.Security.Claims;
using Bunit;
using Grainy.Contracts;
using Grainy.Web.Layout;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;

namespace Grainy.Web.Tests.Layout;

public sealed class MainLayoutTests : PageTest
{
    [Fact]
    public void Rail_should_lead_to_the_four_pages()
    {
        var layout = Show();

        layout.FindAll(".rail a").Select(link => link.GetAttribute("href")).ShouldBe(["/library", "/train", "/compare", "/blend"]);
    }

    [Fact]
    public void Guests_should_see_no_rail_and_no_account()
    {
        Person.SetClaims(new Claim(CallerClaims.Room, "se-1:m1"));

        var layout = Show();

        layout.FindAll(".rail").ShouldBeEmpty();
        layout.FindAll("[aria-label=Account]").ShouldBeEmpty();
        Cluster.Callers.ShouldBeEmpty();
    }

    [Fact]
    public void Failures_of_a_page_should_be_one_sentence_inside_the_shell()
    {
        var layout = Show(_ => throw new InvalidOperationException("internal words"));

        layout.Find(".failed p").TextContent.ShouldStartWith("Something went wrong on the server");
        layout.Markup.ShouldNotContain("internal words");
        layout.FindAll(".rail a").Count.ShouldBe(4);
    }

    [Fact]
    public void Theme_button_should_change_to_the_other_theme()
    {
        var layout = Show();
        layout.FindAll("[aria-label='Light theme']").Count.ShouldBe(1);

        layout.WaitForAssertion(() => layout.Find("[aria-label='Light theme']").Click());

        layout.FindAll("[aria-label='Dark theme']").Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "dark")]
    [InlineData("light", "light")]
    [InlineData("\"><script>", "dark")]
    public void Theme_should_be_dark_unless_the_cookie_says_light(string? cookie, string expected) => ThemeChoice.Parse(cookie).ShouldBe(expected);

    private IRenderedComponent<CascadingAuthenticationHost> Show(RenderFragment? body = null) =>
        Render<CascadingAuthenticationHost>(parameters => parameters.AddChildContent<MainLayout>(layout => layout.Add(l => l.Body, body ?? (_ => { }))));
}
