using Grainy.Core.Weights.Containers;

namespace Grainy.Core.Weights;

/// <summary>Finds weights: the first folder that holds <c>NAME.safetensors</c> wins, then what is built in.</summary>
/// <param name="folders">Searched in this order; a folder need not exist.</param>
public sealed class WeightStore(IReadOnlyList<string> folders)
{
    /// <summary>Where <see cref="WeightSet.Origin"/> says that nothing had to be installed.</summary>
    public const string BuiltIn = "built-in";

    private const string Ending = ".safetensors";
    private const string ResourceFolder = "Grainy.Core.Weights.BuiltIn.";

    /// <summary>Searched in this order.</summary>
    public IReadOnlyList<string> Folders { get; } = folders;

    /// <summary>The folder of this person: <c>~/.local/share/grainy/weights</c>, or its like on other systems. Imports go here by default.</summary>
    public static string PersonalFolder { get; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "grainy", "weights");

    /// <summary>The usual search order: <paramref name="configuredFolder"/> if one is given, then <see cref="PersonalFolder"/>, then built-in.</summary>
    public static WeightStore Default(string? configuredFolder) =>
        new(string.IsNullOrWhiteSpace(configuredFolder) ? [PersonalFolder] : [configuredFolder, PersonalFolder]);

    /// <summary>Where the weights of that name would be read from: a path, <see cref="BuiltIn"/>, or null when there are none.</summary>
    public string? Locate(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.IndexOfAny(['/', '\\']) >= 0)
        {
            throw new ArgumentException($"'{name}' is no name of weights: give the name alone, without a folder.", nameof(name));
        }

        return Folders.Select(folder => Path.Combine(folder, name + Ending)).FirstOrDefault(File.Exists) ?? (Resource(name) is null ? null : BuiltIn);
    }

    /// <summary>Reads the weights of that name and verifies them against <see cref="KnownWeights"/>; null when there are none.</summary>
    /// <exception cref="WeightFormatException">A file is there but damaged or not what its name says; it is never passed over in silence.</exception>
    public WeightSet? Find(string name)
    {
        var origin = Locate(name);
        if (origin is null)
        {
            return null;
        }

        using ByteSource bytes = origin == BuiltIn ? new MemorySource(ReadResource(name), origin) : new FileSource(origin);
        var header = SafetensorsHeader.Read(bytes);
        var tensors = PendingTensor.ReadAll(header.Tensors, bytes);
        var set = new WeightSet(name, origin, WeightHash.Of(tensors), tensors) { Metadata = header.Metadata };
        return set with { Doubt = WeightVerification.Verify(set) };
    }

    /// <summary>Reads the weights of that name.</summary>
    /// <exception cref="WeightFormatException">There are none, or they are damaged.</exception>
    public WeightSet Require(string name) => Find(name)
        ?? throw new WeightFormatException(
            $"The weights '{name}' are not installed; fetch them with 'grainy weights pull {name}', import them with 'grainy weights import FILE', "
            + $"or put {name}{Ending} into {(Folders.Count > 0 ? Folders[0] : PersonalFolder)}.");

    private static Stream? Resource(string name) => typeof(WeightStore).Assembly.GetManifestResourceStream(ResourceFolder + name + Ending);

    private static byte[] ReadResource(string name)
    {
        using var resource = Resource(name) ?? throw new InvalidOperationException($"The built-in weights '{name}' are gone.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
