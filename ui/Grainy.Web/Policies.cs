namespace Grainy.Web;

/// <summary>Names of the authorisation policies of the pages; rooms use <see cref="Contracts.CallerClaims.RoomPolicy"/>.</summary>
public static class Policies
{
    /// <summary>People with an account.</summary>
    public const string Account = "account";
}
