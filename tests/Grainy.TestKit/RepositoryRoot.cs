namespace Grainy.TestKit;

/// <summary>Where the checkout lies, found upwards from the running test program.</summary>
public static class RepositoryRoot
{
    private static readonly Lazy<string> Found = new(Find);

    /// <summary>The folder that holds Orleans.sln.</summary>
    public static string Path => Found.Value;

    /// <summary>A file or folder of the repository; it need not exist.</summary>
    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Orleans.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"Orleans.sln is in no folder above '{AppContext.BaseDirectory}'.");
    }
}
