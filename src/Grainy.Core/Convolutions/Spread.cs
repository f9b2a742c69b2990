using System.Runtime.ExceptionServices;
using Grainy.Core.Tensors;

namespace Grainy.Core.Convolutions;

/// <summary>Spreads independent parts of a computation over as many threads as tensors may use.</summary>
internal static class Spread
{
    /// <summary>Threads.</summary>
    public static int Threads => Math.Max(1, TorchRuntime.Threads);

    /// <summary>
    /// Calls <paramref name="part"/> once for each number below <paramref name="parts"/>, in any order. Parts are handed out one at a time: they take tens of
    /// microseconds, and whoever is through first would wait for all that another still holds.
    /// </summary>
    public static void For(int parts, Action<int> part) => For(parts, Threads, part);

    /// <summary>The same on so many threads at most.</summary>
    internal static void For(int parts, int threads, Action<int> part)
    {
        if (parts < 2 || threads < 2)
        {
            for (var i = 0; i < parts; i++)
            {
                part(i);
            }

            return;
        }

        var work = new Work(parts, part);
        for (var helper = 1; helper < Math.Min(parts, threads); helper++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        }

        work.Execute();
        work.Wait();
    }

    // A helper that comes too late finds nothing left to do.
    private sealed class Work(int parts, Action<int> part) : IThreadPoolWorkItem
    {
        private int _next;
        private int _done;
        private ExceptionDispatchInfo? _failure;

        public void Execute()
        {
            for (var i = Interlocked.Increment(ref _next) - 1; i < parts; i = Interlocked.Increment(ref _next) - 1)
            {
                try
                {
                    part(i);
                }
                catch (Exception exception)
                {
                    _failure ??= ExceptionDispatchInfo.Capture(exception);
                }

                Interlocked.Increment(ref _done);
            }
        }

        public void Wait()
        {
            // No longer than one part takes.
            for (var waiting = default(SpinWait); Volatile.Read(ref _done) < parts;)
            {
                waiting.SpinOnce(sleep1Threshold: -1);
            }

            _failure?.Throw();
        }
    }
}
