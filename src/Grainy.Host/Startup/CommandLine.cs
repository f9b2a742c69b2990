namespace Grainy.Host.Startup;

/// <summary>Catches mistyped arguments, which the configuration system would take without a word.</summary>
internal static class CommandLine
{
    public const string Usage =
        "usage: Grainy.Host [--urls http://127.0.0.1:5080] [--Grainy:Data FOLDER] [--Grainy:Weights FOLDER] [--Grainy:Devices cpu] [--Grainy:Silo NAME] [--Grainy:SiloPort N] [--Grainy:MaxUploadBytes N]";

    private static readonly string[] Sections = ["Grainy", "Logging", "Kestrel", "urls", "environment", "AllowedHosts"];

    public static bool AsksForHelp(string[] args) => args.Any(argument => argument is "--help" or "-h" or "-?");

    /// <exception cref="StartRefusedException">An argument is not known or has no value.</exception>
    public static void Check(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var argument = args[i];
            var name = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..].Split('=', 2)[0] : "";
            if (!Sections.Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase))
            {
                throw new StartRefusedException($"The argument '{argument}' is not known. {Usage}");
            }

            if (!argument.Contains('=', StringComparison.Ordinal) && ++i == args.Length)
            {
                throw new StartRefusedException($"The argument '{argument}' needs a value. {Usage}");
            }
        }
    }
}
