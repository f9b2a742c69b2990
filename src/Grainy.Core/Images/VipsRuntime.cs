using NetVips;

namespace Grainy.Core.Images;

/// <summary>Process-wide settings of the native decoder, made once before its first use.</summary>
internal static class VipsRuntime
{
    private static readonly Lazy<bool> Ready = new(Configure);

    // Kept alive: native code calls it.
    private static readonly Log.LogDelegate Silence = static (_, _, _) => { };

    /// <summary>Makes the settings on the first call.</summary>
    public static void Ensure() => _ = Ready.Value;

    private static bool Configure()
    {
        // Every image is decoded once: a cache would only keep the pixels of strangers in memory.
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
        NetVips.NetVips.Concurrency = Math.Min(2, Environment.ProcessorCount);

        // All loaders are shut but the five that are meant to be used, so that no file reaches a decoder that was never considered.
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in (string[])["VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadTiff", "VipsForeignLoadWebp", "VipsForeignLoadNsgif"])
        {
            Operation.Block(loader, false);
        }

        // Reads bare samples of temporary files that this program wrote; it recognises no file by itself.
        Operation.Block("VipsForeignLoadRaw", false);

        // Warnings about odd tags would fill the server's standard error; errors come as exceptions.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug | Enums.LogLevelFlags.Message, Silence);
        return true;
    }
}
