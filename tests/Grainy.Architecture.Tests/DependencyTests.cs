using Grainy.Architecture.Tests.Planted;

namespace Grainy.Architecture.Tests;

public sealed class DependencyTests
{
    public static TheoryData<string> Names => Products.Names;

    [Theory, MemberData(nameof(Names))]
    public void Types_should_not_touch_what_their_layer_must_not_know(string project)
    {
        var rule = DependencyRule.All.Single(rule => rule.Project == project);

        rule.BrokenBy(Products.Assembly(project)).ShouldBeEmpty(rule.Because);
    }

    // The rules themselves: a type that breaks one must be found, or all of the above would pass blindly.
    [Fact]
    public void Rule_should_find_a_planted_grain_that_names_a_tensor() =>
        DependencyRule.All.Single(rule => rule.Project == "Grainy.Grains").BrokenBy(typeof(GrainWithTensor).Assembly)
            .ShouldContain(typeof(GrainWithTensor).FullName!);

    [Fact]
    public void Rule_should_find_a_planted_page_that_reaches_into_a_grain() =>
        DependencyRule.All.Single(rule => rule.Project == "Grainy.Web").BrokenBy(typeof(PageWithStorage).Assembly)
            .ShouldContain(typeof(PageWithStorage).FullName!);
}
