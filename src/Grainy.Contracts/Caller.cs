namespace Grainy.Contracts;

/// <summary>Who a call is made for: <c>user:{id}</c>, <c>guest:{session}:{member}</c> or <c>system</c>; it flows with the call.</summary>
public static class Caller
{
    private const string Key = "grainy.caller";

    /// <summary>Work that no person asked for at this moment: a device reporting, a reminder.</summary>
    public const string System = "system";

    /// <summary>The subject of the current call, or null.</summary>
    public static string? Current => RequestContext.Get(Key) as string;

    /// <summary>The subject of a signed-in person.</summary>
    public static string User(UserId user) => $"user:{user}";

    /// <summary>The subject of a guest of one live session.</summary>
    public static string Guest(SessionId session, string member) => $"guest:{session}:{member}";

    /// <summary>Runs <paramref name="call"/> for <paramref name="subject"/> and restores the previous subject.</summary>
    public static async Task<T> AsAsync<T>(string subject, Func<Task<T>> call)
    {
        var before = Current;
        RequestContext.Set(Key, subject);
        try
        {
            return await call();
        }
        finally
        {
            Restore(before);
        }
    }

    /// <summary>Runs <paramref name="call"/> for <paramref name="subject"/> and restores the previous subject.</summary>
    public static async Task AsAsync(string subject, Func<Task> call)
    {
        var before = Current;
        RequestContext.Set(Key, subject);
        try
        {
            await call();
        }
        finally
        {
            Restore(before);
        }
    }

    private static void Restore(string? before)
    {
        if (before is null)
        {
            RequestContext.Remove(Key);
        }
        else
        {
            RequestContext.Set(Key, before);
        }
    }
}
