using Grainy.Host.Accounts;
using Microsoft.Extensions.Time.Testing;

namespace Grainy.Host.Tests;

public sealed class StartTokenTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Token_should_be_accepted_once()
    {
        var token = new StartToken(_clock);

        token.Redeem(token.Value).ShouldBe(StartTokenAnswer.Accepted);
        token.Redeem(token.Value).ShouldBe(StartTokenAnswer.Used);
    }

    [Fact]
    public void Token_should_expire_after_a_day()
    {
        var token = new StartToken(_clock);

        _clock.Advance(TimeSpan.FromHours(24.1));

        token.Redeem(token.Value).ShouldBe(StartTokenAnswer.Expired);
    }

    [Theory, InlineData(null), InlineData(""), InlineData("0"), InlineData("zz")]
    public void Token_should_refuse_anything_else_and_stay_good(string? candidate)
    {
        var token = new StartToken(_clock);

        token.Redeem(candidate).ShouldBe(StartTokenAnswer.Wrong);
        token.Redeem(token.Value).ShouldBe(StartTokenAnswer.Accepted);
    }
}
