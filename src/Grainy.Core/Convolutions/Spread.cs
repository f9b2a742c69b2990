using Grainy.Core.Tensors;

namespace Grainy.Core.Convolutions;

/// <summary>Spreads independent parts of a computation over as many threads as tensors may use.</summary>
internal static class Spread
{
    /// <summary>Threads.</summary>
    public static int Threads => Math.Max(1, TorchRuntime.Threads);

    /// <summary>Calls <paramref name="part"/> once for each number below <paramref name="parts"/>, in any order.</summary>
    public static void For(int parts, Action<int> part)
    {
        if (parts < 2 || Threads == 1)
        {
            for (var i = 0; i < parts; i++)
            {
                part(i);
            }

            return;
        }

        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = Threads }, part);
    }
}
