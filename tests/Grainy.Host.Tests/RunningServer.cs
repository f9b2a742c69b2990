namespace Grainy.Host.Tests;

/// <summary>One server for the tests that do not stop it, and its owner.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();

    internal ServerProcess Process { get; private set; } = null!;

    internal Browser Owner { get; private set; } = null!;

    internal Browser Stranger => new(Process.Address);

    public async ValueTask InitializeAsync()
    {
        Process = await ServerProcess.StartAsync(_data.Path);
        Owner = await Browser.SignedInAsync(Process);
    }

    public async ValueTask DisposeAsync()
    {
        Owner?.Dispose();
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        _data.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class SharedServer : ICollectionFixture<RunningServer>
{
    public const string Name = "running server";
}
