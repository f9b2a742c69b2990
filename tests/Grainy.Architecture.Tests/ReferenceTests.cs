using System.Xml.Linq;

namespace Grainy.Architecture.Tests;

public sealed class ReferenceTests
{
    private static readonly string[] Folders = ["src", "ui", "tests"];

    public static TheoryData<string> Names => Products.Names;

    [Theory, MemberData(nameof(Names))]
    public void Project_should_reference_only_what_its_layer_may(string project)
    {
        var referenced = XDocument.Load(Products.ProjectFile(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        referenced.Except(Products.AllowedReferences[project]).ShouldBeEmpty($"{project} may reference {string.Join(", ", Products.AllowedReferences[project])} only");
    }

    // A project file can say less than the compiler uses: references of references flow on.
    [Theory, MemberData(nameof(Names))]
    public void Assembly_should_use_only_what_its_layer_may(string project)
    {
        var used = Products.Assembly(project).GetReferencedAssemblies().Select(reference => reference.Name!).Where(Products.AllowedReferences.ContainsKey);

        used.Except(Products.AllowedReferences[project]).ShouldBeEmpty();
    }

    [Fact]
    public void Solution_should_hold_every_project()
    {
        var solution = File.ReadAllText(TestKit.RepositoryRoot.Combine("Orleans.sln"));
        var missing = Folders.SelectMany(folder => Directory.EnumerateFiles(TestKit.RepositoryRoot.Combine(folder), "*.csproj", SearchOption.AllDirectories))
            .Select(Path.GetFileName).Where(file => !solution.Contains($"\\{file}", StringComparison.Ordinal));

        missing.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Names))]
    public void Table_of_layers_should_name_every_product(string project) => File.Exists(Products.ProjectFile(project)).ShouldBeTrue();

    [Fact]
    public void Table_of_layers_should_miss_no_product()
    {
        var found = Directory.EnumerateFiles(TestKit.RepositoryRoot.Combine("src"), "*.csproj", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(TestKit.RepositoryRoot.Combine("ui"), "*.csproj", SearchOption.AllDirectories))
            .Select(Path.GetFileNameWithoutExtension);

        found.ShouldBe(Products.AllowedReferences.Keys, ignoreOrder: true);
    }
}
