using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Sessions;
using Microsoft.AspNetCore.Components;

namespace Grainy.Web.Features.Sessions;

public sealed partial class RoomPage
{
    private RoomState? _state;
    private bool _guest = true;

    /// <summary>Id of the room.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Grains.Room = null;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (RendererInfo.IsInteractive && _state?.Id.Value != Id)
        {
            await LoadAsync();
        }
    }

    private Task LoadAsync() => ReadAsync(async () =>
    {
        await UnwatchAsync();
        var state = new RoomState(new SessionId(Id));
        Grains.Room = state.Id;
        _state = state;
        _guest = (await Grains.PersonAsync()).IsGuest;
        await WatchAsync<SessionSnapshot>(g => g.Session(state.Id), session => state.Take(session) ? WatchSubjectAsync(state, session.Subject) : Task.CompletedTask);
    });

    private Task WatchSubjectAsync(RoomState state, SessionSubject subject) => subject.Kind == SubjectKind.Comparison
        ? WatchAsync<ComparisonSnapshot>(g => g.Comparison(new ComparisonId(subject.Id)), comparison =>
        {
            state.Take(comparison);
            return Task.CompletedTask;
        })
        : WatchAsync<BlendSnapshot>(g => g.Blend(new BlendId(subject.Id)), blend =>
        {
            state.Take(blend);
            return Task.CompletedTask;
        });

    private Task CloseAsync() => TryAsync(() => Grains.DoAsync(g => g.Session(_state!.Id).CloseAsync()));
}
