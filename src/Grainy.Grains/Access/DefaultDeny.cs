using Grainy.Contracts.Live;

namespace Grainy.Grains.Access;

/// <summary>
/// The baseline for every call: interfaces for people need a subject (the grain then decides what it may), all other interfaces of ours are for the system alone.
/// </summary>
internal sealed class DefaultDeny : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        var contract = context.InterfaceMethod?.DeclaringType;
        if (contract is null || !IsOurs(contract))
        {
            return context.Invoke(); // the runtime's own grains
        }

        var allowed = typeof(IUserFacing).IsAssignableFrom(contract) || contract == typeof(ILiveTopic)
            ? CallerSubject.Current is { IsSystem: true } or { User: not null } or { Session: not null }
            : CallerSubject.Current.IsSystem;
        return allowed || typeof(IGrainObserver).IsAssignableFrom(contract)
            ? context.Invoke()
            : throw new RefusedException(Refusal.Forbidden, "Nobody is signed in for this request; sign in and try again.");
    }

    private static bool IsOurs(Type contract) => contract.Namespace?.StartsWith("Grainy.", StringComparison.Ordinal) == true;
}
