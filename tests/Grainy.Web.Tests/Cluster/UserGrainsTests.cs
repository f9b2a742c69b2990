using System.Security.Claims;
using Grainy.Contracts;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Tests.Fakes;

namespace Grainy.Web.Tests.Cluster;

public sealed class UserGrainsTests : PageTest
{
    [Fact]
    public async Task AskAsync_should_call_for_the_account_and_leave_no_subject_behind()
    {
        await Grains.AskAsync(g => g.Workspace(WorkspaceId.Main).ListAsync(EntryKind.Job, 0, 1));

        Cluster.Callers.ShouldBe(["user:u1"]);
        Caller.Current.ShouldBeNull();
    }

    [Fact]
    public async Task AskAsync_should_leave_no_subject_behind_when_the_call_fails()
    {
        Cluster.Workspace.Failure = new TimeoutException();

        await Should.ThrowAsync<TimeoutException>(() => Grains.AskAsync(g => g.Workspace(WorkspaceId.Main).ListAsync(EntryKind.Job, 0, 1)));

        Caller.Current.ShouldBeNull();
    }

    [Fact]
    public async Task AskAsync_should_restore_a_subject_that_was_there_before()
    {
        await Caller.AsAsync(Caller.System, async () =>
        {
            await Grains.AskAsync(g => g.Workspace(WorkspaceId.Main).ListAsync(EntryKind.Job, 0, 1));
            Caller.Current.ShouldBe(Caller.System);
        });

        Cluster.Callers.ShouldBe(["user:u1"]);
    }

    [Fact]
    public async Task Guests_should_speak_as_members_of_the_room_that_the_page_is_about()
    {
        Person.SetClaims(new Claim(CallerClaims.Room, "se-1:m1"), new Claim(CallerClaims.Room, "se-2:m2"));

        Grains.Room = new SessionId("se-2");
        await Grains.DoAsync(g => g.Workspace(WorkspaceId.Main).ListAsync(EntryKind.Job, 0, 1));

        Cluster.Callers.ShouldBe(["guest:se-2:m2"]);
    }

    [Fact]
    public async Task Guests_should_be_refused_in_a_room_that_they_did_not_enter()
    {
        Person.SetClaims(new Claim(CallerClaims.Room, "se-1:m1"));

        Grains.Room = new SessionId("se-9");

        await Should.ThrowAsync<RefusedException>(() => Grains.DoAsync(g => g.Workspace(WorkspaceId.Main).ListAsync(EntryKind.Job, 0, 1)));
        Cluster.Callers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Strangers_should_be_refused_before_any_grain_is_called()
    {
        Person.SetNotAuthorized();

        var refused = await Should.ThrowAsync<RefusedException>(() => Grains.DoAsync(g => g.Workspace(WorkspaceId.Main).ListAsync(EntryKind.Job, 0, 1)));

        refused.Reason.ShouldBe(Refusal.Forbidden);
        Cluster.Callers.ShouldBeEmpty();
    }
}
