using System.Diagnostics;
using System.Reflection;

namespace Grainy.EndToEnd.Tests;

/// <summary>Where the repository and what was built from it are.</summary>
internal static class Repository
{
    private static readonly string Configuration =
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>The folder that holds Orleans.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Images and weights that are not part of the product.</summary>
    public static string Shared { get; } =
        Environment.GetEnvironmentVariable("GRAINY_SHARED") ?? Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    /// <summary>The official metric weights.</summary>
    public static string SharedWeights => Path.Combine(Shared, "weights");

    /// <summary>A built program of the repository.</summary>
    public static string Built(string project, string file) => Path.Combine(Root, project, "bin", Configuration, "net10.0", file);

    /// <summary>Skips the test in one line where the file is missing.</summary>
    public static string RequireShared(string path)
    {
        var full = Path.Combine(Shared, path);
        Assert.SkipUnless(File.Exists(full), $"{full} is missing (GRAINY_SHARED points elsewhere).");
        return full;
    }

    /// <summary>Runs the command line program and returns its standard output.</summary>
    public static async Task<string> CliAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Built("src/Grainy.Cli", "grainy.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, errors);
        return await output;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orleans.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not lie inside the repository.");
        }

        return folder;
    }
}
