using System.Reflection;

namespace Grainy.Architecture.Tests;

/// <summary>The product's projects, and who may reference whom.</summary>
internal static class Products
{
    /// <summary>Project to the projects that it may reference.</summary>
    public static IReadOnlyDictionary<string, string[]> AllowedReferences { get; } = new Dictionary<string, string[]>
    {
        ["Grainy.Core"] = [],
        ["Grainy.Contracts"] = [],
        ["Grainy.Storage"] = ["Grainy.Core"],
        ["Grainy.Grains"] = ["Grainy.Core", "Grainy.Contracts", "Grainy.Storage"],
        ["Grainy.Web"] = ["Grainy.Contracts"],
        ["Grainy.Cli"] = ["Grainy.Core", "Grainy.Contracts"],
        ["Grainy.Host"] = ["Grainy.Core", "Grainy.Contracts", "Grainy.Storage", "Grainy.Grains", "Grainy.Web"],
    };

    public static TheoryData<string> Names => [.. AllowedReferences.Keys];

    public static Assembly Assembly(string name) => System.Reflection.Assembly.Load(name == "Grainy.Cli" ? "grainy" : name);

    public static string ProjectFile(string name) =>
        TestKit.RepositoryRoot.Combine(name == "Grainy.Web" ? "ui" : "src", name, $"{name}.csproj");
}
