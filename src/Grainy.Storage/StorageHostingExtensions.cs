using Grainy.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Storage;

namespace Grainy.Storage;

/// <summary>Where a server keeps what it knows.</summary>
public static class StorageHostingExtensions
{
    /// <summary>Grain state and reminders in one SQLite file, which is created here; adds the <see cref="SqliteDatabase"/> too.</summary>
    public static ISiloBuilder AddSqliteGrainStorage(this ISiloBuilder silo, string path)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var database = new SqliteDatabase(path);
        silo.Services.AddSingleton(database);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<SqlGrainStorage>(services => ActivatorUtilities.CreateInstance<SqlGrainStorage>(
            services, new Func<System.Data.Common.DbConnection>(database.Open), true, new JsonStateSerializer()));
        silo.Services.AddSingleton<IGrainStorage>(services => services.GetRequiredService<SqlGrainStorage>());
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            Orleans.Providers.ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, (services, _) => services.GetRequiredService<SqlGrainStorage>());
        silo.Services.AddSingleton(services => new BlobSweep(
            services.GetRequiredService<FileBlobStore>(), database.Open, services.GetRequiredService<TimeProvider>()));
        return silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = "System.Data.SQLite"; // the provider's name for Microsoft.Data.Sqlite
            options.ConnectionString = database.ConnectionString;
        });
    }

    /// <summary>Contents as files below <paramref name="folder"/>.</summary>
    public static IServiceCollection AddFileBlobStore(this IServiceCollection services, string folder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new FileBlobStore(folder, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<FileBlobStore>());
        return services;
    }
}
