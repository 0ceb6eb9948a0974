using System.Net;
using Azure;
using Azure.Core;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Storage.Tests;

/// <summary>When the service is asked for a key to sign with, and what is signed while it is.</summary>
public sealed class UserDelegationKeyTests : IAsyncDisposable
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly StorageHost storage;
    private Func<Task<HttpResponseMessage?>> answer = () => Task.FromResult<HttpResponseMessage?>(null);
    private int asked;

    public UserDelegationKeyTests(IdentityFixture azurite)
    {
        var transport = azurite.NewTransport(request =>
        {
            Interlocked.Increment(ref asked);
            return answer();
        });
        storage = new(null, s => s.AddSingleton<TokenCredential>(new TestIdentity()).AddSingleton(transport).AddSingleton<TimeProvider>(time), azurite.NewAccount());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => storage.DisposeAsync();

    [Fact]
    public async Task A_key_is_good_for_a_week_from_a_quarter_of_an_hour_ago()
    {
        var key = Part(await SignAsync(SessionLifetime.Longest), "ske", "skt");
        (key[0] - key[1]).ShouldBe(TimeSpan.FromDays(7));
        (time.GetUtcNow() - key[1]).ShouldBe(TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Any_session_that_begins_on_the_day_after_is_covered_without_a_question()
    {
        await SignAsync(TimeSpan.FromHours(1));
        time.Advance(TimeSpan.FromHours(23.9));
        await SignAsync(SessionLifetime.Longest);
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task A_day_later_another_is_asked_for_and_nobody_waits_for_it()
    {
        var first = Part(await SignAsync(TimeSpan.FromHours(1)), "ske")[0];
        var come = new TaskCompletionSource<HttpResponseMessage?>();
        answer = () => come.Task;
        time.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < 10; i++)
        {
            var signing = SignAsync(SessionLifetime.Longest);
            signing.IsCompletedSuccessfully.ShouldBeTrue();
            Part(await signing, "ske")[0].ShouldBe(first);
        }

        come.SetResult(null);
        while (Part(await SignAsync(SessionLifetime.Longest), "ske")[0] == first)
        {
            await Task.Delay(10, Token);
        }

        asked.ShouldBe(2);
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_a_minute_later_while_the_old_key_serves()
    {
        await SignAsync(TimeSpan.FromHours(1));
        answer = Forbid;
        time.Advance(TimeSpan.FromDays(1));
        for (var tries = 2; tries < 5; tries++)
        {
            (await SignAsync(SessionLifetime.Longest)).ShouldNotBeNull();
            while (Volatile.Read(ref asked) < tries)
            {
                await Task.Delay(10, Token);
            }

            (await SignAsync(SessionLifetime.Longest)).ShouldNotBeNull();
            asked.ShouldBe(tries);
            time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task Where_the_key_ends_too_soon_signing_waits_for_the_next()
    {
        var first = Part(await SignAsync(TimeSpan.FromHours(1)), "ske")[0];
        time.Advance(TimeSpan.FromDays(3));
        var access = await SignAsync(SessionLifetime.Longest);
        Part(access, "ske")[0].ShouldBe(first + TimeSpan.FromDays(3), TimeSpan.FromSeconds(1));
        Part(access, "se")[0].ShouldBeLessThan(Part(access, "ske")[0]);
    }

    [Fact]
    public async Task Without_any_key_the_service_s_refusal_is_passed_on_and_health_names_the_role()
    {
        answer = Forbid;
        (await Should.ThrowAsync<RequestFailedException>(SignAsync(TimeSpan.FromHours(1)))).Status.ShouldBe(403);
        answer = () => Task.FromResult<HttpResponseMessage?>(null);
        (await SignAsync(TimeSpan.FromHours(1))).ShouldNotBeNull();
    }

    private static Task<HttpResponseMessage?> Forbid() => Task.FromResult<HttpResponseMessage?>(new(HttpStatusCode.Forbidden));

    private static List<DateTimeOffset> Part(SegmentAccess access, params IEnumerable<string> names)
    {
        var parts = access.Sas.Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        return [.. names.Select(n => DateTimeOffset.Parse(parts[n]))];
    }

    private Task<SegmentAccess> SignAsync(TimeSpan life) => storage.Get<ISegmentUrls>().SignAsync(Samples.NewId(), time.GetUtcNow() + life, Token).AsTask();
}
