using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Grainy.Grains.Sessions;

/// <summary>The secret of a link: 192 random bits, of which only the hash is kept.</summary>
internal static class SessionSecret
{
    public static (string Secret, string Hash) New()
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        return (secret, HashOf(secret));
    }

    public static bool Matches(string? secret, string hash) =>
        secret is { Length: > 0 and <= 200 } && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(secret)), Encoding.ASCII.GetBytes(hash));

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
