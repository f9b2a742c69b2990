using Grainy.Contracts;
using Grainy.Contracts.Workspaces;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Grainy.Host.Accounts;

/// <summary>The first owner: made at the first use of a start link, and signed in by each later one.</summary>
internal sealed class Owner(UserManager<Account> accounts, SignInManager<Account> signIn, IGrainFactory grains)
{
    public async Task SignInAsync()
    {
        var account = await accounts.Users.FirstOrDefaultAsync(candidate => candidate.IsFirstOwner) ?? await CreateAsync();

        // Repeated on each start link: a first start that broke off after the account was made must not leave an owner without rights.
        await Caller.AsAsync(Caller.System, () => grains.Workspace(WorkspaceId.Main).SetMemberAsync(new UserId(account.Id), WorkspaceRole.Owner));
        await signIn.SignInAsync(account, isPersistent: true);
    }

    private async Task<Account> CreateAsync()
    {
        var account = new Account { UserName = "Owner", IsFirstOwner = true };
        var result = await accounts.CreateAsync(account);
        return result.Succeeded ? account : throw new InvalidOperationException($"The first account could not be made: {result}");
    }
}
