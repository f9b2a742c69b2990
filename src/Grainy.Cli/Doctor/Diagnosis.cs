using System.Globalization;
using System.Runtime.InteropServices;
using Grainy.Core.Devices;
using Grainy.Core.Metrics;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using TorchSharp;

namespace Grainy.Cli.Doctor;

/// <summary>Looks at what the program needs on this machine. A check that throws is a finding too.</summary>
internal static class Diagnosis
{
    private const long EnoughBytes = 1L << 30;

    public static Finding Program() =>
        new("program", true, $"grainy {typeof(Diagnosis).Assembly.GetName().Version?.ToString(3)}, .NET {Environment.Version}, {RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})");

    /// <summary>Loads libtorch and computes something with it.</summary>
    public static Finding Tensors(int threads) => Guarded(
        "tensor library",
        () =>
        {
            TorchRuntime.Initialize(threads);
            using var scope = torch.NewDisposeScope();
            var sum = torch.ones(3).sum().item<float>();
            return sum == 3
                ? new("tensor library", true, $"libtorch {torch.__version__} computes")
                : new("tensor library", false, $"libtorch says that 1 + 1 + 1 is {sum}", "Build again from a clean checkout: the native library is damaged.");
        },
        "Build with the .NET SDK on this machine (linux-x64, win-x64 or osx-arm64); on Linux libtorch needs glibc 2.28 and libstdc++ 6.");

    /// <summary>Loads libvips.</summary>
    public static Finding Images() => Guarded(
        "image library",
        () => new("image library", true, $"libvips {NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)} loads"),
        "Build with the .NET SDK on this machine; the package NetVips.Native must fit the platform.");

    public static Finding Threads() => Guarded(
        "threads",
        () => new("threads", true, $"{TorchRuntime.Threads} of {Environment.ProcessorCount} processors per tensor operation"),
        "The tensor library must load first.");

    public static Finding Devices() => Guarded(
        "devices",
        () => new("devices", true, string.Join("; ", DeviceInventory.List().Select(device => $"{device.Name} ({device.Description})"))),
        "The tensor library must load first.");

    /// <summary>Damaged weights are a problem; missing ones are not, because the built-in ones serve.</summary>
    public static Finding Weights(Func<WeightStore> open) => Guarded(
        "weights",
        () =>
        {
            var store = open();
            var reports = WeightVerification.Report(store);
            var catalog = new MetricCatalog(store);
            var usable = catalog.Names.Where(name => catalog.IsAvailable(name, out _)).ToArray();
            if (reports.FirstOrDefault(report => report.Problem is not null) is { } broken)
            {
                return new("weights", false, broken.Problem!, "Fetch the official file with 'grainy weights pull NAME', or import it with 'grainy weights import FILE'.");
            }

            var places = reports.Where(report => report.Origin is not null).GroupBy(report => Path.GetDirectoryName(report.Origin) is { Length: > 0 } folder ? folder : report.Origin!);
            return new("weights", true, $"{string.Join(", ", places.Select(place => $"{place.Count()} in {place.Key}").DefaultIfEmpty("none"))}; metrics: {string.Join(", ", usable)}");
        },
        "Name a folder that exists with --weights or the environment variable Grainy__Weights.");

    /// <summary>Where the server keeps its data: writable, and with room.</summary>
    public static Finding DataFolder(string folder) => Guarded(
        "data folder",
        () =>
        {
            var existing = Existing(Path.GetFullPath(folder));
            var probe = Path.Combine(existing, $".grainy-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return new("data folder", true, existing == Path.GetFullPath(folder) ? folder : $"{folder} (made when the server starts)");
        },
        $"Make '{folder}' writable, or name another folder in the environment variable Grainy__Data.");

    public static Finding FreeDisk(string folder) => Guarded(
        "free disk",
        () =>
        {
            var free = new DriveInfo(Existing(Path.GetFullPath(folder))).AvailableFreeSpace;
            var text = string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1L << 30):F1} GiB");
            return free >= EnoughBytes
                ? new("free disk", true, text)
                : new("free disk", false, text, "Free at least 1 GiB, or name another folder in the environment variable Grainy__Data.");
        },
        "Look at the disk that holds the data folder.");

    private static string Existing(string folder) => Directory.Exists(folder) ? folder : Existing(Path.GetDirectoryName(folder) ?? Path.GetPathRoot(folder)!);

    private static Finding Guarded(string check, Func<Finding> look, string remedy)
    {
        try
        {
            return look();
        }
        catch (Exception error) // what does not load here is the finding
        {
            var cause = error;
            while (cause.InnerException is { } inner)
            {
                cause = inner;
            }

            return new(check, false, cause.Message.ReplaceLineEndings(" "), remedy);
        }
    }
}
