using System.Runtime.InteropServices;

namespace Grainy.Core.Tensors;

/// <summary>
/// How long the threads of libgomp, which compute libtorch's operations, wait for the next operation before they sleep. By its own choice they spin for many
/// milliseconds, and so take the processors from our own vector code, which runs between two operations (measured on two cores: LPIPS takes 1.4 times as long).
/// </summary>
internal static partial class OpenMpWaiting
{
    private const string Spins = "GOMP_SPINCOUNT";

    /// <summary>
    /// Lets them spin for some ten microseconds, enough for the pause between two operations of libtorch. Must come before libtorch is loaded: libgomp reads the
    /// environment once, then. Whoever has set the variable, or the standard's own, is obeyed; other systems than Linux are left alone.
    /// </summary>
    public static void Shorten()
    {
        if (OperatingSystem.IsLinux()
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Spins))
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY")))
        {
            // The runtime's own setter changes its copy only, which native code never sees.
            _ = SetNative(Spins, "20000", 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
