using System.Diagnostics;
using System.Globalization;

namespace Grainy.Benchmarks;

/// <summary>What a reader must know about where numbers come from.</summary>
internal static class Machine
{
    public static string Describe()
    {
        const string facts = "/proc/cpuinfo";
        var model = File.Exists(facts)
            ? File.ReadLines(facts).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        return $"{model ?? "unknown processor"}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, load average {Load()}";
    }

    /// <summary>Writes <c>results/DATE-what.md</c> beside this project and prints it.</summary>
    public static void Publish(string what, string text)
    {
        var file = Results(what) + ".md";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        Console.WriteLine(text);
    }

    /// <summary><c>results/DATE-what</c> beside this project.</summary>
    public static string Results(string what) => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "..", "results", $"{TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}-{what}"));

    /// <summary>The commit that is checked out, with a plus where files differ from it.</summary>
    public static string Commit()
    {
        static string Git(params string[] arguments)
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, WorkingDirectory = AppContext.BaseDirectory })!;
            var output = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return output;
        }

        return Git("rev-parse", "--short", "HEAD") + (Git("status", "--porcelain", "--untracked-files=no").Length > 0 ? "+" : "");
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
