using System.Collections.Concurrent;
using Grainy.Core.Devices;
using TorchSharp;

namespace Grainy.Core.Tests.Devices;

public sealed class DeviceWorkerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_should_keep_one_thread()
    {
        using var worker = new DeviceWorker("test");

        var threads = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => worker.RunAsync(_ => Environment.CurrentManagedThreadId, i % 2 == 0 ? DeviceLane.Batch : DeviceLane.Interactive, Token)));

        threads.Distinct().ShouldHaveSingleItem();
        threads[0].ShouldNotBe(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public async Task Worker_should_free_the_tensors_of_every_slice()
    {
        using var worker = new DeviceWorker("test");

        await worker.RunAsync(_ => (torch.ones(4) + 1).ToFloats(), DeviceLane.Interactive, Token);
        await worker.RunSlicesAsync(_ => Leaky(), DeviceLane.Batch, Token);

        (await LiveAsync(worker)).ShouldBe(0);

        static IEnumerable<int> Leaky()
        {
            for (var i = 0; i < 3; i++)
            {
                var forgotten = torch.ones(4) + i;
                yield return (int)forgotten.numel();
            }
        }
    }

    [Fact]
    public async Task Slices_of_one_lane_should_take_turns()
    {
        using var worker = new DeviceWorker("test");
        var log = new ConcurrentQueue<string>();
        using var hold = new Hold(worker);

        var a = worker.RunSlicesAsync(_ => Slices("a", 3, log), DeviceLane.Batch, Token);
        var b = worker.RunSlicesAsync(_ => Slices("b", 3, log), DeviceLane.Batch, Token);
        hold.Release();
        await Task.WhenAll(a, b);

        log.ShouldBe(["a", "b", "a", "b", "a", "b"]);
    }

    [Fact]
    public async Task Interactive_work_should_go_first_but_leave_every_fourth_slice_to_batch_work()
    {
        using var worker = new DeviceWorker("test");
        var log = new ConcurrentQueue<string>();
        using var hold = new Hold(worker);

        var batch = worker.RunSlicesAsync(_ => Slices("b", 2, log), DeviceLane.Batch, Token);
        var interactive = worker.RunSlicesAsync(_ => Slices("i", 7, log), DeviceLane.Interactive, Token);
        hold.Release();
        await Task.WhenAll(batch, interactive);

        string.Concat(log).ShouldBe("iiibiiibi");
    }

    [Fact]
    public async Task A_single_slice_should_take_a_single_turn()
    {
        using var worker = new DeviceWorker("test");
        var log = new ConcurrentQueue<string>();
        using var hold = new Hold(worker);

        var order = new ConcurrentQueue<string>();
        var once = worker.RunAsync(_ => { log.Enqueue("once"); return 1; }, DeviceLane.Interactive, Token)
            .ContinueWith(_ => order.Enqueue($"done after {log.Count}"), Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var gate = new TaskCompletionSource();
        var other = worker.RunAsync(token => gate.Task.Wait(TimeSpan.FromSeconds(20), token), DeviceLane.Interactive, Token);
        hold.Release();

        // The other work holds the device until the first one's result has arrived.
        await once.WaitAsync(TimeSpan.FromSeconds(10), Token);
        gate.SetResult();
        (await other).ShouldBeTrue();
        order.ShouldBe(["done after 1"]);
    }

    [Fact]
    public async Task Cancellation_should_run_the_finally_block_on_the_device_thread()
    {
        using var worker = new DeviceWorker("test");
        using var cancel = new CancellationTokenSource();
        var thread = await worker.RunAsync(_ => Environment.CurrentManagedThreadId, DeviceLane.Interactive, Token);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = 0;

        var endless = worker.RunSlicesAsync(_ => Endless(), DeviceLane.Batch, cancel.Token);
        await started.Task.WaitAsync(Token);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => endless);
        ended.ShouldBe(thread);
        (await LiveAsync(worker)).ShouldBe(0);

        IEnumerable<int> Endless()
        {
            var kept = torch.ones(4).DetachFromDisposeScope();
            try
            {
                while (true)
                {
                    started.TrySetResult();
                    yield return 1;
                }
            }
            finally
            {
                ended = Environment.CurrentManagedThreadId;
                kept.Dispose();
            }
        }
    }

    [Fact]
    public async Task An_error_should_reach_the_caller_and_leave_the_worker_alive()
    {
        using var worker = new DeviceWorker("test");

        (await Should.ThrowAsync<InvalidOperationException>(() => worker.RunAsync<int>(_ => throw new InvalidOperationException("boom"), DeviceLane.Batch, Token)))
            .Message.ShouldBe("boom");
        (await Should.ThrowAsync<InvalidOperationException>(() => worker.RunSlicesAsync(_ => Failing(), DeviceLane.Batch, Token))).Message.ShouldBe("second slice");
        (await worker.RunAsync(_ => 5, DeviceLane.Batch, Token)).ShouldBe(5);
        (await LiveAsync(worker)).ShouldBe(0);

        static IEnumerable<int> Failing()
        {
            yield return 1;
            var forgotten = torch.ones(4) * 2;
            throw new InvalidOperationException($"{(forgotten.numel() == 4 ? "second" : "")} slice");
        }
    }

    [Fact]
    public async Task Every_slice_should_begin_with_gradients_on()
    {
        using var worker = new DeviceWorker("test");

        await worker.RunAsync(_ => torch.set_grad_enabled(false) is not null, DeviceLane.Batch, Token);

        (await worker.RunAsync(_ => torch.is_grad_enabled(), DeviceLane.Batch, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task Work_that_is_cancelled_before_its_turn_should_not_run()
    {
        using var worker = new DeviceWorker("test");
        using var cancel = new CancellationTokenSource();
        using var hold = new Hold(worker);
        var ran = false;

        var queued = worker.RunAsync(_ => ran = true, DeviceLane.Batch, cancel.Token);
        await cancel.CancelAsync();
        hold.Release();

        await Should.ThrowAsync<OperationCanceledException>(() => queued);
        ran.ShouldBeFalse();
    }

    [Fact]
    public async Task Dispose_should_end_the_slice_in_progress_and_cancel_the_rest()
    {
        var worker = new DeviceWorker("test");
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var freed = false;
        var started = worker.RunSlicesAsync(_ => Endless(), DeviceLane.Batch, Token);
        await entered.Task.WaitAsync(Token);
        var hold = new Hold(worker);
        var queued = worker.RunAsync(_ => 1, DeviceLane.Interactive, Token);

        var disposing = Task.Run(worker.Dispose, Token);
        var late = new List<Task>();
        Should.Throw<ObjectDisposedException>(() =>
        {
            // Work is refused from the moment on at which stopping began; until then it is queued and cancelled with the rest.
            while (true)
            {
                late.Add(worker.RunAsync(_ => 1, DeviceLane.Batch, Token));
            }
        });
        hold.Release();
        await disposing.WaitAsync(TimeSpan.FromSeconds(20), Token);

        (await hold.Result).ShouldBeTrue("the slice in progress ends as it would have");
        foreach (var task in late.Append(queued).Append(started))
        {
            await Should.ThrowAsync<OperationCanceledException>(() => task);
        }

        freed.ShouldBeTrue();

        IEnumerable<int> Endless()
        {
            try
            {
                while (true)
                {
                    entered.TrySetResult();
                    yield return 1;
                }
            }
            finally
            {
                freed = true;
            }
        }
    }

    [Fact]
    public async Task Work_should_not_dispose_its_own_device()
    {
        using var worker = new DeviceWorker("test");

        await Should.ThrowAsync<InvalidOperationException>(() => worker.RunAsync(_ => { worker.Dispose(); return 1; }, DeviceLane.Batch, Token));
    }

    private static IEnumerable<int> Slices(string name, int count, ConcurrentQueue<string> log)
    {
        for (var i = 0; i < count; i++)
        {
            log.Enqueue(name);
            yield return i;
        }
    }

    private static Task<long> LiveAsync(DeviceWorker worker) =>
        worker.RunAsync(_ => DisposeScopeManager.Statistics.ThreadTotalLiveCount, DeviceLane.Interactive, Token);

    /// <summary>Keeps the device thread busy in one slice until released, so that a test can fill the queues.</summary>
    private sealed class Hold : IDisposable
    {
        private readonly ManualResetEventSlim _gate = new();

        public Hold(DeviceWorker worker)
        {
            using var entered = new ManualResetEventSlim();
            Result = worker.RunAsync(token => { entered.Set(); return _gate.Wait(TimeSpan.FromSeconds(30), token); }, DeviceLane.Batch, CancellationToken.None);
            entered.Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        }

        public Task<bool> Result { get; }

        public void Release() => _gate.Set();

        public void Dispose() => _gate.Set();
    }
}
