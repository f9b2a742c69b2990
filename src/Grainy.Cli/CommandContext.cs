using System.CommandLine;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Devices;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;

namespace Grainy.Cli;

/// <summary>One run of one command: its arguments, where data and messages go, and the device thread.</summary>
internal sealed class CommandContext(ParseResult parsed, TimeProvider clock) : IDisposable
{
    private DeviceWorker? _worker;

    public bool Json => Get(CommonOptions.Json);

    public bool Quiet => Get(CommonOptions.Quiet);

    public TimeProvider Clock => clock;

    /// <summary>Colours only where a person looks at them, see https://no-color.org.</summary>
    public static bool Colours => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>The folder that --weights or the environment names, if any.</summary>
    public string? WeightsFolder => Get(CommonOptions.Weights) ?? Environment.GetEnvironmentVariable("Grainy__Weights");

    /// <summary>Weights in the order of search. A folder that was named but is not there is a mistake, not a wish for other weights.</summary>
    public WeightStore Weights => WeightsIn(WeightsFolder);

    /// <summary>The same with a folder that is searched first, if any.</summary>
    public static WeightStore WeightsIn(string? first) => first is not { Length: > 0 } folder || Directory.Exists(folder)
        ? WeightStore.Default(first)
        : throw new CommandFailedException($"there is no folder '{folder}' with weights; --weights or Grainy__Weights names it");

    public T Get<T>(Option<T> option) => parsed.GetValue(option)!;

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>The words of the command, without the program's name.</summary>
    public IReadOnlyList<string> Words => [.. parsed.Tokens.Select(token => token.Value)];

    /// <summary>The same program asked something else; the caller disposes the answer.</summary>
    /// <exception cref="CommandFailedException">It does not understand the words.</exception>
    public CommandContext Asked(IReadOnlyList<string> words)
    {
        var again = parsed.RootCommandResult.Command.Parse([.. words]);
        return again.Errors.Count == 0
            ? new CommandContext(again, clock)
            : throw new CommandFailedException($"the command that is to be repeated is not understood: {again.Errors[0].Message}");
    }

    /// <summary>Data for people; silent with --json.</summary>
    public void Print(string line)
    {
        if (!Json)
        {
            Console.Out.WriteLine(line);
        }
    }

    /// <summary>Data for programs; silent without --json.</summary>
    public void PrintJson(object value)
    {
        if (Json)
        {
            Console.Out.WriteLine(JsonText.Of(value));
        }
    }

    /// <summary>A table for people.</summary>
    public void Print(IReadOnlyList<string[]> rows)
    {
        foreach (var line in TextTable.Lines(rows))
        {
            Print(line);
        }
    }

    /// <summary>A remark that is no data.</summary>
    public void Say(string line)
    {
        if (!Quiet)
        {
            Console.Error.WriteLine(line);
        }
    }

    /// <summary>A problem with one of several inputs; the others go on.</summary>
    public static void Complain(string line) => Console.Error.WriteLine($"grainy: {line}");

    /// <summary>What to type next; for people only.</summary>
    public void Suggest(string command)
    {
        if (!Json)
        {
            Say($"Next: grainy {command}");
        }
    }

    public ProgressLine Progress() => new(Console.Error, !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb", Quiet, clock);

    /// <summary>Runs one short piece of tensor work on the device thread.</summary>
    public Task<T> OnDeviceAsync<T>(Func<CancellationToken, T> work, CancellationToken stop) => Worker().RunAsync(work, DeviceLane.Interactive, stop);

    /// <summary>Runs work of many slices on the device thread, reporting every result; the answer is the last one.</summary>
    public async Task<T> OnDeviceAsync<T>(Func<CancellationToken, IEnumerable<T>> slices, Action<T> report, CancellationToken stop)
    {
        T? last = default;
        await Worker().RunSlicesAsync(Reported, DeviceLane.Interactive, stop);
        return last!;

        IEnumerable<T> Reported(CancellationToken token)
        {
            foreach (var item in slices(token))
            {
                last = item;
                report(item);
                yield return item;
            }
        }
    }

    public void Dispose() => _worker?.Dispose();

    private DeviceWorker Worker()
    {
        TorchRuntime.Initialize(Get(CommonOptions.Threads));
        return _worker ??= new DeviceWorker("cpu");
    }
}
