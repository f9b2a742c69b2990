using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Grainy.Storage;

/// <summary>Makes a rename survive a power cut: on Unix the folder itself must be flushed, which the framework cannot do.</summary>
internal static partial class DurableFolder
{
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals the rename; folders cannot be flushed
        }

        var handle = Open(path, flags: 0);
        if (handle < 0)
        {
            throw Failure(path);
        }

        try
        {
            if (Sync(handle) != 0)
            {
                throw Failure(path);
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException Failure(string path)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"The folder '{path}' cannot be flushed to the disk: {cause.Message}.", cause);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
