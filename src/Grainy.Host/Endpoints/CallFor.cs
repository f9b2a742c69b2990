using System.Security.Claims;
using Grainy.Contracts;

namespace Grainy.Host.Endpoints;

/// <summary>Calls grains for the person behind a request. A guest of several rooms is tried as each of them: one may admit what another does not.</summary>
internal static class CallFor
{
    /// <exception cref="RefusedException">Nobody whom this person may speak for is allowed to.</exception>
    public static async Task<T> Person<T>(ClaimsPrincipal person, Func<Task<T>> call) => (await PersonAndSubject(person, call)).Answer;

    /// <inheritdoc cref="Person{T}" />
    public static Task Person(ClaimsPrincipal person, Func<Task> call) =>
        Person(person, async () =>
        {
            await call();
            return true;
        });

    /// <summary>As <see cref="Person{T}"/>; tells also as whom the call was allowed.</summary>
    public static async Task<(string Subject, T Answer)> PersonAndSubject<T>(ClaimsPrincipal person, Func<Task<T>> call)
    {
        RefusedException? refusal = null;
        foreach (var subject in CallerClaims.Subjects(person))
        {
            try
            {
                return (subject, await Caller.AsAsync(subject, call));
            }
            catch (RefusedException refused) when (refused.Reason == Refusal.Forbidden)
            {
                refusal ??= refused;
            }
        }

        throw refusal ?? new RefusedException(Refusal.Forbidden, "Nobody is signed in; sign in first.");
    }
}
