using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization.Activators;
using Orleans.Serialization.Serializers;

namespace Grainy.Storage.Tests;

/// <summary>A state with what real ones have: text, numbers that JSON cannot write plainly, an array, nothing.</summary>
public sealed record NoteState
{
    public string Text { get; init; } = "";

    public double Value { get; init; }

    public string[]? Lines { get; init; }
}

/// <summary>Grain storage over a file, as one process sees it.</summary>
internal sealed class StorageProbe(string path, string service = "tests") : IDisposable
{
    public const string Name = "note";

    public SqlGrainStorage Storage { get; } = new(
        new SqliteDatabase(path).Open, oneWriter: true, new JsonStateSerializer(), new Activators(), Options.Create(new ClusterOptions { ServiceId = service }), TimeProvider.System);

    public static GrainId Grain(string type, string key) => GrainId.Create(type, key);

    public async Task<GrainState<NoteState>> ReadAsync(GrainId grain, string name = Name)
    {
        var state = new GrainState<NoteState>();
        await Storage.ReadStateAsync(name, grain, state);
        return state;
    }

    public async Task WriteAsync(GrainId grain, GrainState<NoteState> state, string text, string name = Name)
    {
        state.State = new NoteState { Text = text };
        await Storage.WriteStateAsync(name, grain, state);
    }

    public async Task ClearAsync(GrainId grain, GrainState<NoteState> state) => await Storage.ClearStateAsync(Name, grain, state);

    public void Dispose() => Storage.Dispose();

    private sealed class Activators : IActivatorProvider
    {
        public IActivator<T> GetActivator<T>() => new DefaultActivator<T>();
    }

    private sealed class DefaultActivator<T> : IActivator<T>
    {
        public T Create() => Activator.CreateInstance<T>();
    }
}
