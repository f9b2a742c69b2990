using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Grainy.Host.Accounts;

/// <summary>A person who may sign in.</summary>
internal sealed class Account : IdentityUser
{
    /// <summary>True for the account that the start link signs in.</summary>
    public bool IsFirstOwner { get; set; }
}

/// <summary>Accounts in a SQLite file of their own.</summary>
internal sealed class AccountsContext(DbContextOptions<AccountsContext> options) : IdentityUserContext<Account>(options);
