using static TorchSharp.torch;

namespace Grainy.Core.Tensors;

/// <summary>Process-wide settings of libtorch, set once before any work: a second or late change aborts the process or races.</summary>
public static class TorchRuntime
{
    private static readonly Lock Gate = new();
    private static int _threads;

    /// <summary>Threads that one tensor operation may use.</summary>
    public static int Threads => _threads;

    /// <summary>
    /// Sets the number of threads per tensor operation; later calls change nothing. 0 takes all processors: measured on two cores, training on both is
    /// faster than leaving one idle, and the runtime's own threads get their turn.
    /// </summary>
    public static void Initialize(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        lock (Gate)
        {
            if (_threads != 0)
            {
                return;
            }

            _threads = threads == 0 ? Environment.ProcessorCount : threads;
            OpenMpWaiting.Shorten();
#pragma warning disable RS0030 // the one permitted caller
            set_num_threads(_threads);
#pragma warning restore RS0030
        }
    }
}
