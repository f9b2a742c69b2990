using Grainy.Cli.Doctor;
using Grainy.Cli.Options;
using Grainy.Core.Devices;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy doctor</c>: does everything work on this machine, and what to do if not.</summary>
internal static class DoctorCommand
{
    public static CliCommand Build() =>
        new CliCommand("doctor", "Check that everything works on this machine, and say what to do if not", "doctor", "doctor --json").Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var data = DataFolder();
        var threads = context.Get(CommonOptions.Threads);
        using var worker = new DeviceWorker("cpu"); // not the context's own: that one presumes that the library loads
        Finding[] findings =
        [
            Diagnosis.Program(),
            await worker.RunAsync(_ => Diagnosis.Tensors(threads), DeviceLane.Interactive, stop),
            Diagnosis.Images(),
            Diagnosis.Threads(),
            await worker.RunAsync(_ => Diagnosis.Devices(), DeviceLane.Interactive, stop),
            Diagnosis.Weights(() => context.Weights),
            Diagnosis.DataFolder(data),
            Diagnosis.FreeDisk(data),
        ];
        context.PrintJson(new { ok = findings.All(finding => finding.Ok), checks = findings });
        foreach (var finding in findings)
        {
            context.Print($"{Mark(finding.Ok)}  {finding.Check,-15} {finding.Found}");
            if (finding.Remedy is { } remedy)
            {
                context.Print($"{"",26}{remedy}");
            }
        }

        return findings.All(finding => finding.Ok) ? ExitCode.Ok : ExitCode.Failed;
    }

    // As the server finds it.
    private static string DataFolder() => Environment.GetEnvironmentVariable("Grainy__Data") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "grainy", "data");

    private static string Mark(bool ok) => (ok, CommandContext.Colours) switch
    {
        (true, true) => "\u001b[32mok\u001b[0m     ",
        (true, false) => "ok     ",
        (false, true) => "\u001b[31mproblem\u001b[0m",
        (false, false) => "problem",
    };
}
