using HlsCache.Core.Sessions;

namespace HlsCache.Core.Tests;

public sealed class SessionLifetimeTests
{
    [Theory]
    [InlineData(null, 86_400)]
    [InlineData(0.0, 86_400)]
    [InlineData(-1.0, 86_400)]
    [InlineData(double.NaN, 86_400)]
    [InlineData(0.04, 21_600)]
    [InlineData(7200.0, 21_600)]
    [InlineData(10_800.0, 21_600)]
    [InlineData(10_801.0, 21_602)]
    [InlineData(36_000.0, 72_000)]
    public void A_session_outlives_the_film_twice_or_six_hours_or_a_day_before_the_length_is_known(double? film, double session) =>
        SessionLifetime.Needed(film).ShouldBe(TimeSpan.FromSeconds(session));

    [Theory]
    [InlineData(6, 7.5)]
    [InlineData(24, 30)]
    public void A_session_is_given_a_quarter_more(double needed, double granted) =>
        SessionLifetime.Granted(TimeSpan.FromHours(needed)).ShouldBe(TimeSpan.FromHours(granted));

    [Fact]
    public void Clocks_may_differ_by_five_minutes() => SessionLifetime.ClockSkew.ShouldBe(TimeSpan.FromMinutes(5));
}
