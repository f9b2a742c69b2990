using Grainy.Architecture.Tests.Planted;
using TorchSharp;

namespace Grainy.Architecture.Tests;

public sealed class ScalarTests
{
    private static readonly Lazy<ScalarRule> Rule = new(() => ScalarRule.Read(typeof(torch).Assembly.Location));

    public static TheoryData<string> Names => Products.Names;

    [Theory, MemberData(nameof(Names))]
    public void Scalars_should_be_held_until_the_native_call_is_over(string project) =>
        Rule.Value.BrokenBy(Products.Assembly(project).Location).ShouldBeEmpty("use Arithmetic, a static field or a using local, see deploy/decisions/0005");

    // The rule itself, or all of the above would pass blindly.
    [Fact]
    public void Rule_should_find_each_planted_loose_scalar_and_no_other()
    {
        var found = Rule.Value.BrokenBy(typeof(LooseScalars).Assembly.Location).Select(line => line.Split(' ')[0].Split('.')[^1]);

        found.Order().ShouldBe(typeof(LooseScalars).GetMethods().Where(method => method.IsStatic).Select(method => method.Name).Order());
    }
}
