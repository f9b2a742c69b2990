using System.Security.Cryptography;
using System.Text;

namespace Grainy.Host.Accounts;

internal enum StartTokenAnswer
{
    Accepted,
    Used,
    Expired,
    Wrong,
}

/// <summary>The secret of the start line: made afresh at each start, good once, and for a day.</summary>
internal sealed class StartToken(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly DateTimeOffset _madeAt = clock.GetUtcNow();
    private int _used;

    public string Value { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public StartTokenAnswer Redeem(string? candidate)
    {
        if (candidate is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(candidate), Encoding.UTF8.GetBytes(Value)))
        {
            return StartTokenAnswer.Wrong;
        }

        if (clock.GetUtcNow() - _madeAt > Lifetime)
        {
            return StartTokenAnswer.Expired;
        }

        return Interlocked.Exchange(ref _used, 1) == 0 ? StartTokenAnswer.Accepted : StartTokenAnswer.Used;
    }
}
