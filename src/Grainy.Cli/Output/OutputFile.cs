namespace Grainy.Cli.Output;

/// <summary>Writes a file whole or not at all: to a temporary name beside it, then by renaming.</summary>
internal static class OutputFile
{
    /// <summary>Calls <paramref name="write"/> and puts the result in place; folders are made as needed.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new CommandFailedException($"'{path}' is a folder; give the name of a file");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // nothing is left of a write that failed
        }
    }
}
