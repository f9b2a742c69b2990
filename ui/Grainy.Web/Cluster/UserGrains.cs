using Grainy.Contracts;
using Grainy.Contracts.Live;
using Microsoft.AspNetCore.Components.Authorization;

namespace Grainy.Web.Cluster;

/// <summary>
/// The grains as the person of this circuit may use them, and the only way in which components reach them: every call carries the
/// person's subject for its own duration and leaves nothing behind on the thread.
/// </summary>
public sealed class UserGrains(AuthenticationStateProvider authentication, IGrainFactory grains, LiveHub hub)
{
    /// <summary>Renders of a page through its circuit: at most five a second.</summary>
    public static readonly TimeSpan CircuitInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The room that this circuit's page is about, if any: there a guest speaks as a member of it.</summary>
    public SessionId? Room { get; set; }

    /// <summary>Calls grains for the person and returns the answer.</summary>
    public async Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> call)
    {
        var person = await PersonAsync();
        return await Caller.AsAsync(person.Subject, () => call(grains));
    }

    /// <summary>Calls grains for the person.</summary>
    public async Task DoAsync(Func<IGrainFactory, Task> call)
    {
        var person = await PersonAsync();
        await Caller.AsAsync(person.Subject, () => call(grains));
    }

    /// <summary>
    /// Hands the topic's state and then its changes to <paramref name="changed"/>, one at a time and never more often than a circuit should
    /// render, until disposed. <paramref name="ended"/> hears of a refusal, after which nothing follows.
    /// </summary>
    public async Task<IAsyncDisposable> WatchAsync<TSnapshot>(
        Func<IGrainFactory, ILiveTopic> topic, Func<TSnapshot, Task> changed, Func<Exception, Task> ended)
        where TSnapshot : LiveSnapshot
    {
        var person = await PersonAsync();
        return hub.Watch(topic(grains), person.Subject, CircuitInterval, changed, ended);
    }

    /// <summary>The person of this circuit; refused for somebody who is not signed in.</summary>
    public async Task<Person> PersonAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return Person.From(state.User, Room)
            ?? throw new RefusedException(Refusal.Forbidden, "You are not signed in any more; reload the page to sign in.");
    }
}
