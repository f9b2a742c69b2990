using Grainy.Host.Startup;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Grainy.Host.Accounts;

/// <summary>ASP.NET Core Identity with a cookie. There is no default password: an account has none until its owner sets one.</summary>
internal static class AccountsSetup
{
    public static void AddAccounts(this WebApplicationBuilder builder, DataFolder data)
    {
        var services = builder.Services;
        services.AddDbContext<AccountsContext>(context => context.UseSqlite($"Data Source={data.AccountsDatabase}"));
        services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(data.Keys)).SetApplicationName("Grainy");
        services.AddIdentityCore<Account>(identity =>
        {
            identity.User.AllowedUserNameCharacters = "";
            identity.Password.RequiredLength = 10;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequiredUniqueChars = 4;
            identity.Lockout.MaxFailedAccessAttempts = 5;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        }).AddEntityFrameworkStores<AccountsContext>().AddSignInManager();

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.Cookie.Name = $"grainy.{data.Instance}";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = TimeSpan.FromDays(30);
            cookie.SlidingExpiration = true;
            cookie.LoginPath = "/sign-in";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.Events = new CookieAuthenticationEvents
            {
                OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync,
                OnRedirectToLogin = context => AccessAnswers.SignInAsync(context),
                OnRedirectToAccessDenied = context => AccessAnswers.DeniedAsync(context),
            };
        });
        services.AddAntiforgery(antiforgery => antiforgery.Cookie.Name = $"grainy.form.{data.Instance}");
        services.AddSingleton<StartToken>();
        services.AddScoped<Owner>();
        services.AddSingleton<RoomPasses>();
    }

    /// <summary>Makes the accounts' tables at the first start.</summary>
    public static async Task PrepareAccountsAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountsContext>().Database.EnsureCreatedAsync();
    }
}
