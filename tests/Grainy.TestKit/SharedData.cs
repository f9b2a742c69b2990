using Xunit;

namespace Grainy.TestKit;

/// <summary>
/// Test images and weights of others, which lie beside the checkout and not in it: the folder that the environment variable GRAINY_SHARED names, by default
/// <c>../shared</c> from the repository root.
/// </summary>
public static class SharedData
{
    /// <summary>The folder; it need not exist.</summary>
    public static string Root { get; } =
        Environment.GetEnvironmentVariable("GRAINY_SHARED") is { Length: > 0 } named ? System.IO.Path.GetFullPath(named) : System.IO.Path.GetFullPath(RepositoryRoot.Combine("..", "shared"));

    /// <summary>Full path of a file or folder, whether it is there or not.</summary>
    /// <param name="relative">With forward slashes, for example <c>data/images/kodak/kodim07.png</c>.</param>
    public static string Path(string relative) => System.IO.Path.Combine(Root, relative.Replace('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>True when the file or folder is there.</summary>
    public static bool Has(string relative) => File.Exists(Path(relative)) || Directory.Exists(Path(relative));

    /// <summary>Full path of a file or folder that the test needs; the test is skipped in one line where it is missing.</summary>
    public static string Require(string relative)
    {
        if (!Has(relative))
        {
            Assert.Skip($"needs '{relative}' of the shared data folder (set GRAINY_SHARED); looked in '{Root}'");
        }

        return Path(relative);
    }
}
