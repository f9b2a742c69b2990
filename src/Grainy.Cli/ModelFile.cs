using Grainy.Core.Denoising;

namespace Grainy.Cli;

/// <summary>Models that were named on the command line.</summary>
internal static class ModelFile
{
    /// <summary>A file, or the model that comes with the program where the name is <c>builtin</c>.</summary>
    /// <exception cref="CommandFailedException">It is not there; the message says what can be named.</exception>
    /// <exception cref="DenoiserFormatException">It is damaged or of another kind.</exception>
    public static DenoiserModel Read(string name)
    {
        if (name == "builtin")
        {
            return DenoiserModel.BuiltIn;
        }

        if (!File.Exists(name))
        {
            throw new CommandFailedException($"there is no model '{name}'; name a file that 'grainy train' wrote, or builtin");
        }

        using var stream = File.OpenRead(name);
        return DenoiserModel.Load(stream);
    }
}
