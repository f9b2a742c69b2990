using System.Diagnostics;
using Grainy.TestKit;

namespace Grainy.Architecture.Tests;

/// <summary>libtorch is half a gigabyte: programs link to the staged copy.</summary>
public sealed class NativeFolderTests
{
    private static readonly string[] Folders = ["src", "tests"];

    [Fact]
    public void Outputs_should_link_to_the_staged_library()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("links are counted with 'stat' of Linux");
        }

        var staged = Directory.EnumerateFiles(RepositoryRoot.Combine("artifacts", "native"), "libtorch_cpu.so", SearchOption.AllDirectories).Select(Identity).ToHashSet();
        var outputs = Folders.SelectMany(folder => Directory.EnumerateDirectories(RepositoryRoot.Combine(folder)))
            .Select(project => Path.Combine(project, "bin")).Where(Directory.Exists)
            .SelectMany(bin => Directory.EnumerateFiles(bin, "libtorch_cpu.so", SearchOption.AllDirectories)).ToArray();

        staged.ShouldNotBeEmpty();
        outputs.ShouldNotBeEmpty();
        outputs.Where(file => !file.Contains("/publish/", StringComparison.Ordinal) && !staged.Contains(Identity(file))).ShouldBeEmpty("these are copies of 0.4 GB each");
    }

    private static string Identity(string file)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-L", "-c", "%d:%i", file]) { RedirectStandardOutput = true })!;
        var identity = stat.StandardOutput.ReadToEnd().Trim();
        stat.WaitForExit();
        return identity;
    }
}
