using TorchSharp;

namespace Grainy.Core.Devices;

/// <summary>Which share of a device a piece of work takes.</summary>
public enum DeviceLane
{
    /// <summary>Minutes: training. Gives way between slices.</summary>
    Batch,

    /// <summary>Somebody waits for it: goes first.</summary>
    Interactive,
}

/// <summary>
/// Runs every tensor operation of one device on one dedicated thread. Dispose scopes, the gradient mode and CUDA workspaces are per thread in libtorch, so
/// nothing that owns a tensor may hop threads at an <c>await</c>. Long work is an iterator: each step of it is one slice, and between slices the other lane
/// gets its turn.
/// </summary>
public sealed class DeviceWorker : IDisposable
{
    private readonly LinkedList<Entry> _batch = [];
    private readonly LinkedList<Entry> _interactive = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _available = new(0);
    private readonly Thread _thread;
    private bool _stopping;
    private int _interactiveInARow;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">For debuggers, for example <c>cpu</c>.</param>
    public DeviceWorker(string name)
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = $"torch:{name}" };
        _thread.Start();
    }

    /// <summary>Runs <paramref name="work"/> as one slice inside a dispose scope; the result must not be a tensor.</summary>
    public Task<T> RunAsync<T>(Func<CancellationToken, T> work, DeviceLane lane, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        T? result = default;
        return Enqueue(Once(), lane, () => result!, cancellationToken);

        IEnumerator<bool> Once()
        {
            result = work(cancellationToken);
            yield break; // ends within its first turn: the result waits for no other slice
        }
    }

    /// <summary>
    /// Runs an iterator to its end, one slice at a time, and completes when it ends. No dispose scope and no <c>no_grad</c> may be open across a <c>yield</c>:
    /// slices of other work run in between. Tensors that live across slices are detached from their scope and freed by the iterator's <c>finally</c>, which runs
    /// on this thread also after a cancellation or an error.
    /// </summary>
    public Task RunSlicesAsync<T>(Func<CancellationToken, IEnumerable<T>> work, DeviceLane lane, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Enqueue(Slices(), lane, () => true, cancellationToken);

        IEnumerator<bool> Slices()
        {
            foreach (var _ in work(cancellationToken))
            {
                yield return true;
            }
        }
    }

    /// <summary>Lets the slice in progress end, cancels all that is queued, frees what it holds, and stops the thread.</summary>
    /// <exception cref="InvalidOperationException">Called by work of this very device, which would wait for itself.</exception>
    public void Dispose()
    {
        if (Thread.CurrentThread == _thread)
        {
            throw new InvalidOperationException("Work of a device cannot dispose that device.");
        }

        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
            _available.Release();
        }

        _thread.Join();
        _available.Dispose();
    }

    private Task<T> Enqueue<T>(IEnumerator<bool> slices, DeviceLane lane, Func<T> result, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var entry = new Entry(slices, error =>
        {
            switch (error)
            {
                case null: completion.TrySetResult(result()); break;
                case OperationCanceledException cancelled: completion.TrySetCanceled(cancelled.CancellationToken); break;
                default: completion.TrySetException(error); break;
            }
        }, cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            (lane == DeviceLane.Interactive ? _interactive : _batch).AddLast(entry);
            _available.Release(); // inside the lock: once stopping is set, the semaphore may be gone
        }

        return completion.Task;
    }

    private void Loop()
    {
        while (true)
        {
            _available.Wait();
            if (Volatile.Read(ref _stopping))
            {
                DrainQueues();
                return;
            }

            var (entry, queue) = Next();
            if (Advance(entry))
            {
                lock (_gate)
                {
                    queue.AddLast(entry); // round robin within the lane
                }

                _available.Release();
            }
        }
    }

    // Interactive work goes first, but every fourth slice belongs to batch work, so that training never stands still.
    private (Entry Entry, LinkedList<Entry> Queue) Next()
    {
        lock (_gate)
        {
            var batchTurn = _interactive.Count == 0 || (_batch.Count > 0 && _interactiveInARow >= 3);
            var queue = batchTurn ? _batch : _interactive;
            _interactiveInARow = batchTurn ? 0 : _interactiveInARow + 1;
            var entry = queue.First!.Value;
            queue.RemoveFirst();
            return (entry, queue);
        }
    }

    /// <summary>Runs one slice; false when the work has ended, whichever way.</summary>
    private static bool Advance(Entry entry)
    {
        Exception? error = null;
        try
        {
            entry.CancellationToken.ThrowIfCancellationRequested();
            using var gradients = torch.enable_grad(); // whatever a slice leaves behind ends with it
            using var scope = torch.NewDisposeScope();
            if (entry.Slices.MoveNext())
            {
                return true;
            }
        }
        catch (Exception failure) // the worker outlives any single job; whoever awaits the job sees the error
        {
            error = failure;
        }

        entry.End(error);
        return false;
    }

    private void DrainQueues()
    {
        Entry[] left;
        lock (_gate)
        {
            left = [.. _interactive, .. _batch];
        }

        // Outside the lock: the finally blocks of others run here, and callers must be refused at once meanwhile.
        foreach (var entry in left)
        {
            entry.End(new OperationCanceledException("The device is stopping."));
        }
    }

    private sealed record Entry(IEnumerator<bool> Slices, Action<Exception?> Completed, CancellationToken CancellationToken)
    {
        public void End(Exception? error)
        {
            try
            {
                using var scope = torch.NewDisposeScope();
                Slices.Dispose(); // runs the iterator's finally blocks on the device thread
            }
            catch (Exception failure)
            {
                error ??= failure;
            }

            Completed(error);
        }
    }
}
