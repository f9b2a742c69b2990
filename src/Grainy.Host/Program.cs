using Grainy.Host.Accounts;
using Grainy.Host.Decoding;
using Grainy.Host.Endpoints;
using Grainy.Host.Silo;
using Grainy.Host.Startup;
using Grainy.Web;

if (CommandLine.AsksForHelp(args))
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

if (args is [DecodeWorker.Command])
{
    return await DecodeWorker.RunAsync();
}

return await Launcher.RunAsync(async () =>
{
    CommandLine.Check(args);
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    var options = builder.ReadOptions();
    ListenAddresses.Settle(builder, options);
    using var data = DataFolder.Open(options.Data);

    builder.AddCommonServices(options, data);
    builder.AddSilo(options, data);
    builder.AddAccounts(data);
    builder.AddAccessRules();
    builder.AddRequestRules();
    builder.AddWireJson();
    builder.Services.AddGrainyWeb();

    await using var app = builder.Build();
    await app.PrepareAccountsAsync();
    app.UseExceptionHandler();
    app.UseSecurityHeaders();
    app.Use(app.Services.GetRequiredService<Draining>().GuardAsync);
    app.UseAuthentication();
    app.Use(app.Services.GetRequiredService<RoomPasses>().AddToAsync);
    app.UseAuthorization();
    app.UseRateLimiter();
    app.UseAntiforgery();

    app.MapHealth();
    app.MapAccounts();
    app.MapLivePages();
    var api = app.MapApi();
    api.MapDatasets();
    api.MapUploads();
    api.MapComparisons();
    api.MapBlends();
    api.MapJobs();
    api.MapSessions();
    app.MapGrainyWeb();
    await app.RunAsync();
});
