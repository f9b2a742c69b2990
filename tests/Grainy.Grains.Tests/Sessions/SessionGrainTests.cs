using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Tests.Kit;

namespace Grainy.Grains.Tests.Sessions;

public sealed class SessionGrainTests : ServerTests
{
    private static readonly string Newcomer = Caller.Guest(new SessionId("any"), "new");

    [Fact]
    public async Task Guest_should_enter_by_the_link_and_see_what_the_room_is_about_and_nothing_else()
    {
        var room = await OpenAsync();
        var guest = await JoinAsGuestAsync(room, "Gus");
        var subject = Caller.Guest(room.Id, guest.Id);

        guest.Guest.ShouldBeTrue();
        (await Caller.AsAsync(subject, () => Grains.Session(room.Id).GetAsync())).Members.ShouldContain(guest);
        (await Caller.AsAsync(subject, () => Grains.Comparison(room.Comparison).GetAsync())).Id.ShouldBe(room.Comparison);
        await RefusedAsync(Refusal.Forbidden, () => Caller.AsAsync(subject, () => Grains.Comparison(room.Comparison).ScoreAsync()));
        await RefusedAsync(Refusal.Forbidden, () => Caller.AsAsync(subject, () => Grains.Dataset(room.Images[0].Dataset).GetAsync()));
        var other = await OpenAsync();
        await RefusedAsync(Refusal.Forbidden, () => Caller.AsAsync(subject, () => Grains.Comparison(other.Comparison).GetAsync()));
        await RefusedAsync(Refusal.Forbidden, () => Caller.AsAsync(subject, () => Grains.Session(other.Id).GetAsync()));
    }

    [Fact]
    public async Task Link_should_be_refused_when_its_secret_is_wrong()
    {
        var room = await OpenAsync();

        await RefusedAsync(Refusal.Forbidden, () => Caller.AsAsync(Newcomer, () => Grains.Session(room.Id).JoinAsync(room.Secret + "x", "Gus")));
        await RefusedAsync(Refusal.Forbidden, () => Caller.AsAsync(Newcomer, () => Grains.Session(room.Id).JoinAsync("", "Gus")));
        await RefusedAsync(Refusal.Forbidden, () => Caller.AsAsync(Newcomer, () => Grains.Session(room.Id).JoinAsync(null, "Gus")));
    }

    [Fact]
    public async Task Link_should_stop_working_at_once_when_the_room_is_closed()
    {
        var room = await OpenAsync();
        var guest = await JoinAsGuestAsync(room, "Gus");
        var subject = Caller.Guest(room.Id, guest.Id);

        await TestServer.AsOwner(() => Grains.Session(room.Id).CloseAsync());

        await RefusedAsync(Refusal.Conflict, () => JoinAsGuestAsync(room, "Late"));
        await RefusedAsync(Refusal.Conflict, () => Caller.AsAsync(subject, () => Grains.Session(room.Id).MoveAsync(guest.Id, "divider", 0.1, 1)));
        await RefusedAsync(Refusal.Forbidden, () => Caller.AsAsync(subject, () => Grains.Comparison(room.Comparison).GetAsync()));
        (await TestServer.AsOwner(() => Grains.Session(room.Id).GetAsync())).Closed.ShouldBeTrue();
    }

    [Fact]
    public async Task Move_of_one_should_reach_the_other_and_an_older_one_be_dropped()
    {
        var room = await OpenAsync();
        var owner = await TestServer.AsOwner(() => Grains.Session(room.Id).JoinAsync(null, "Ann"));
        var guest = await JoinAsGuestAsync(room, "Gus");
        var subject = Caller.Guest(room.Id, guest.Id);
        var live = await LiveProbe<SessionSnapshot>.WatchAsync(Grains, Grains.Session(room.Id), TestServer.Owner);

        await Caller.AsAsync(subject, () => Grains.Session(room.Id).MoveAsync(guest.Id, "divider", 0.25, 2));
        await Caller.AsAsync(subject, () => Grains.Session(room.Id).MoveAsync(guest.Id, "divider", 0.75, 1));
        await live.UntilAsync(snapshot => snapshot.Values.Contains(new SharedValue("divider", 0.25, guest.Id, 2)));
        await TestServer.AsOwner(() => Grains.Session(room.Id).MoveAsync(owner.Id, "divider", 7, 1));

        var last = await live.UntilAsync(snapshot => snapshot.Values.Any(value => value.By == owner.Id));
        last.Values.ShouldBe([new SharedValue("divider", 1, owner.Id, 1)]); // held to [0, 1]
        live.Seen.ShouldNotContain(snapshot => snapshot.Values.Any(value => value.Value == 0.75));
        owner.Colour.ShouldNotBe(guest.Colour);
    }

    [Fact]
    public async Task Nobody_should_act_for_another_member()
    {
        var room = await OpenAsync();
        var (one, two) = (await JoinAsGuestAsync(room, "One"), await JoinAsGuestAsync(room, "Two"));

        await RefusedAsync(
            Refusal.Forbidden, () => Caller.AsAsync(Caller.Guest(room.Id, one.Id), () => Grains.Session(room.Id).MoveAsync(two.Id, "divider", 0.5, 1)));
    }

    [Fact]
    public async Task Member_should_disappear_on_leaving_and_return_with_a_heartbeat()
    {
        var room = await OpenAsync();
        var guest = await JoinAsGuestAsync(room, "Gus");
        var subject = Caller.Guest(room.Id, guest.Id);
        var live = await LiveProbe<SessionSnapshot>.WatchAsync(Grains, Grains.Session(room.Id), TestServer.Owner);

        await Caller.AsAsync(subject, () => Grains.Session(room.Id).LeaveAsync(guest.Id));
        await live.UntilAsync(snapshot => snapshot.Members.Length == 0);
        await Caller.AsAsync(subject, () => Grains.Session(room.Id).HeartbeatAsync(guest.Id));

        (await TestServer.AsOwner(() => Grains.Session(room.Id).GetAsync())).Members.ShouldBe([guest]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31 * 24 * 60)]
    public async Task Room_should_not_open_for_a_time_that_makes_no_sense(int minutes)
    {
        var room = await OpenAsync();

        await RefusedAsync(Refusal.Invalid, () => TestServer.AsOwner(() => Grains.Session(SessionId.New()).OpenAsync(
            TestServer.Workspace, new SessionSubject(SubjectKind.Comparison, room.Comparison.Value), TimeSpan.FromMinutes(minutes))));
    }

    private async Task<SessionMember> JoinAsGuestAsync(Room room, string name) =>
        await Caller.AsAsync(Newcomer, () => Grains.Session(room.Id).JoinAsync(room.Secret, name));

    private async Task<Room> OpenAsync()
    {
        var (_, images) = await Server.NewImagesAsync(2);
        var (comparison, session) = (ComparisonId.New(), SessionId.New());
        var secret = await TestServer.AsOwner(async () =>
        {
            await Grains.Comparison(comparison).CreateAsync(TestServer.Workspace, images[0], images[1]);
            return await Grains.Session(session).OpenAsync(
                TestServer.Workspace, new SessionSubject(SubjectKind.Comparison, comparison.Value), TimeSpan.FromHours(1));
        });
        var listed = await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).ListAsync(EntryKind.Session, 0, 10));
        listed.ShouldContain(entry => entry.Id == session.Value);
        return new Room(session, secret, comparison, images);
    }

    private static async Task RefusedAsync(Refusal reason, Func<Task> call) => (await Should.ThrowAsync<RefusedException>(call)).Reason.ShouldBe(reason);

    private sealed record Room(SessionId Id, string Secret, ComparisonId Comparison, ImageRef[] Images);
}
