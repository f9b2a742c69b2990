using System.Security.Cryptography;

namespace Grainy.Host.Startup;

/// <summary>The folder of all that is kept. Held by a lock from start to end: two servers in one folder would destroy each other's state.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string root, FileStream heldLock)
    {
        (Root, _lock) = (root, heldLock);
        Directory.CreateDirectory(Blobs);
        Directory.CreateDirectory(Cache);
        Directory.CreateDirectory(Keys);
        Instance = ReadInstance();
    }

    public string Root { get; }

    public string Blobs => Path.Combine(Root, "blobs");

    /// <summary>May be deleted at any time.</summary>
    public string Cache => Path.Combine(Root, "cache");

    public string Keys => Path.Combine(Root, "keys");

    public string Database => Path.Combine(Root, "grainy.db");

    public string AccountsDatabase => Path.Combine(Root, "accounts.db");

    /// <summary>Tells the cookies of two servers on one machine apart: a browser does not look at the port.</summary>
    public string Instance { get; }

    /// <summary>Makes the folder where it is missing and takes its lock.</summary>
    /// <exception cref="StartRefusedException">It cannot be written, or another server uses it.</exception>
    public static DataFolder Open(string configured)
    {
        var root = Locate(configured);
        try
        {
            Directory.CreateDirectory(root);
            var probe = Path.Combine(root, $"probe-{Guid.NewGuid():n}");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The data folder '{root}' cannot be written; give this user the right to write there or name another folder with --Grainy:Data.");
        }

        try
        {
            var heldLock = new FileStream(Path.Combine(root, "instance.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(root, heldLock);
        }
        catch (IOException)
        {
            throw new StartRefusedException($"The data folder '{root}' is in use by another Grainy server; stop that one or name another folder with --Grainy:Data.");
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string Locate(string configured)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return Path.GetFullPath(configured);
        }

        var own = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return own.Length > 0
            ? Path.Combine(own, "grainy", "data")
            : throw new StartRefusedException("This user has no home folder to keep data in; name a folder with --Grainy:Data.");
    }

    private string ReadInstance()
    {
        var file = Path.Combine(Root, "instance-id");
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: 8 } known && known.All(char.IsAsciiHexDigitLower))
        {
            return known;
        }

        var made = RandomNumberGenerator.GetHexString(8, lowercase: true);
        File.WriteAllText(file, made);
        return made;
    }
}
