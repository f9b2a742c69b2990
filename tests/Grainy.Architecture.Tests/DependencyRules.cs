using System.Reflection;
using NetArchTest.Rules;

namespace Grainy.Architecture.Tests;

/// <summary>Namespaces that the types of an assembly must not touch, with the reason.</summary>
internal sealed record DependencyRule(string Project, string[] Banned, string Because)
{
    public static IReadOnlyList<DependencyRule> All { get; } =
    [
        new("Grainy.Core", ["Orleans", "Microsoft.AspNetCore", "MudBlazor", "Microsoft.Data.Sqlite"], "pixels and networks know neither grains nor the web"),
        new("Grainy.Contracts", ["TorchSharp", "NetVips", "Microsoft.AspNetCore", "Microsoft.Data.Sqlite"], "the wire knows no machinery"),
        new("Grainy.Storage", ["TorchSharp", "NetVips", "Microsoft.AspNetCore"], "storage keeps bytes and does not look into them"),
        new("Grainy.Grains", ["TorchSharp", "NetVips", "Microsoft.AspNetCore", "Microsoft.Data.Sqlite"], "grains decide; tensors stay on the device thread of Core"),
        new("Grainy.Web", ["TorchSharp", "NetVips", "Grainy.Core", "Grainy.Grains", "Grainy.Storage", "Microsoft.Data.Sqlite"], "pages speak to grains by their contracts"),
        new("Grainy.Cli", ["Microsoft.AspNetCore", "Grainy.Grains", "Grainy.Storage", "MudBlazor"], "the command line works on files, without a server"),
        new("Grainy.Host", ["TorchSharp", "NetVips"], "the server hands pixels on; Core reads and computes them"),
    ];

    /// <summary>Full names of the types that break the rule.</summary>
    public IReadOnlyList<string> BrokenBy(Assembly assembly) =>
        [.. Types.InAssembly(assembly).ShouldNot().HaveDependencyOnAny(Banned).GetResult().FailingTypeNames ?? []];
}
