using Grainy.Core.Images;

namespace Grainy.Cli;

/// <summary>Images that were named on the command line.</summary>
internal static class Inputs
{
    /// <summary>Reads one image file, NumPy arrays included, or one page of a stack.</summary>
    /// <exception cref="CommandFailedException">It is not there or no image; the message names it.</exception>
    public static DecodedImage Read(string path, int page = 0)
    {
        Require(path);
        try
        {
            return IsNpy(path) ? ReadNpy(path) : ImageReader.ReadPage(path, page);
        }
        catch (Exception error) when (error is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Reads the image of a command that takes one image for each file, and says so where the file is a stack of several.</summary>
    /// <exception cref="CommandFailedException">It is not there or no image; the message names it.</exception>
    public static DecodedImage ReadSingle(string path)
    {
        var read = Read(path);
        if (read.Facts.Pages > 1)
        {
            CommandContext.Complain(FormattableString.Invariant($"{path}: only the first of {read.Facts.Pages} pages is taken"));
        }

        return read;
    }

    /// <summary>Pages of a file; 1 for one that cannot be read, whose reason is told when its pixels are wanted.</summary>
    public static int Pages(string path)
    {
        try
        {
            return File.Exists(path) && !IsNpy(path) ? ImageReader.CountPages(path) : 1;
        }
        catch (Exception error) when (error is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            return 1;
        }
    }

    /// <summary>Passes when a file is there.</summary>
    /// <exception cref="CommandFailedException">It is not there, or it is a folder.</exception>
    public static void Require(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CommandFailedException($"'{path}' is a folder; name the images in it, for example {Path.Combine(path, "*.png")}");
        }

        if (!File.Exists(path))
        {
            throw new CommandFailedException($"there is no file '{path}'");
        }
    }

    /// <summary>
    /// Does something with each file and says what is wrong with those that cannot be used; the others go through.
    /// </summary>
    /// <returns>True when all went well.</returns>
    public static Task<bool> ForEachAsync(IEnumerable<string> paths, Func<string, Task> work, Action<string, string> complain) =>
        ForEachAsync(paths, path => path, work, complain);

    /// <summary>The same with things that have names.</summary>
    public static async Task<bool> ForEachAsync<T>(IEnumerable<T> things, Func<T, string> name, Func<T, Task> work, Action<string, string> complain)
    {
        var all = true;
        foreach (var thing in things)
        {
            try
            {
                await work(thing);
            }
            catch (CommandFailedException error)
            {
                all = false;
                CommandContext.Complain(error.Message);
                complain(name(thing), error.Message);
            }
        }

        return all;
    }

    private static bool IsNpy(string path) => Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase);

    private static DecodedImage ReadNpy(string path)
    {
        using var stream = File.OpenRead(path);
        var image = Npy.Read(stream);
        return new DecodedImage(image, new ImageFacts("NumPy", image.Width, image.Height, image.Channels, 32, true, false, null));
    }
}
