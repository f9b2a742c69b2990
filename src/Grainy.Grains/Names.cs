namespace Grainy.Grains;

/// <summary>Names that people give.</summary>
internal static class Names
{
    /// <summary>The name without surrounding blanks; refused when it is empty, too long, or has control characters.</summary>
    public static string Checked(string? name, int longest = 120)
    {
        var trimmed = name?.Trim() ?? "";
        return trimmed.Length >= 1 && trimmed.Length <= longest && !trimmed.Any(char.IsControl)
            ? trimmed
            : throw new RefusedException(Refusal.Invalid, $"A name has 1 to {longest} characters on one line; choose another.");
    }

    /// <summary>A made-up name cut to what a name may have.</summary>
    public static string Shortened(string name, int longest = 120) => name.Length <= longest ? name : name[..(longest - 1)] + "…";
}
