namespace Grainy.Web;

/// <summary>Names of the authorisation policies of the pages.</summary>
public static class Policies
{
    /// <summary>People with an account.</summary>
    public const string Account = "grainy.account";

    /// <summary>People with an account, and guests of a room.</summary>
    public const string Anyone = "grainy.anyone";
}
