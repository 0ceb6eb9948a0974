using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Queues;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Storage.Queues;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Tests;

/// <summary>However many ask at once, on however many instances, a film is encoded once.</summary>
public sealed class OneJobTests(AzuriteFixture azurite)
{
    private const int Viewers = 100;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hundred_plays_of_a_cold_film_on_two_instances_make_one_job(bool own)
    {
        await using var cloud = new Cloud();
        var apps = new[] { await cloud.StartAsync(), await cloud.StartAsync() };
        // In memory, calls end at once; this lets the plays overlap.
        cloud.Probe.Before = async _ => await Task.Yield();

        var answers = await PlayAllAsync(apps, own);

        var id = answers.Select(a => a.Id()).Distinct().ShouldHaveSingleItem();
        cloud.Entries.Rows.ShouldHaveSingleItem().Id.ShouldBe(id);
        cloud.Queue.Sent.ShouldHaveSingleItem().MessageId().ShouldBe($"{id}-1");
        answers.Select(a => a.Text("session")).Distinct(StringComparer.Ordinal).Count().ShouldBe(own ? Viewers : 2);
        answers.ShouldAllBe(a => cloud.Sessions.Rows.Any(s => s.Id == a.Text("session") && s.Expires > a.Expires()));

        await cloud.SealAsync(id);
        await ShouldAllPlayAsync(apps, answers);
    }

    [Fact]
    public async Task A_hundred_plays_of_a_cold_film_on_two_instances_make_one_job_in_real_storage()
    {
        using var films = new Films();
        KeyValuePair<string, string?>[] settings = [new("Storage:ConnectionString", azurite.Server.NewAccount()), new("Sources:media:Path", films.Folder)];
        await using var first = await TestFunctionApp.StartAsync(settings);
        await using var second = await TestFunctionApp.StartAsync(settings);
        var apps = new[] { first, second };

        var answers = await PlayAllAsync(apps, own: false);

        var id = answers.Select(a => a.Id()).Distinct().ShouldHaveSingleItem();
        var services = first.Services;
        var queue = services.GetRequiredService<QueueServiceClient>().GetQueueClient(services.GetRequiredService<IOptions<QueueOptions>>().Value.Name);
        (await queue.PeekMessagesAsync(32, Cancelled)).Value.ShouldHaveSingleItem();
        var sessions = services.GetRequiredService<ISessionStore>();
        var shared = answers.Select(a => a.Text("session")).Distinct(StringComparer.Ordinal).ToList();
        shared.Count.ShouldBe(apps.Length);
        foreach (var session in shared)
        {
            (await sessions.FindAsync(id.Key, session, Cancelled)).ShouldNotBeNull();
        }

        await new FakeEncoder(services.GetRequiredService<IEntryStore>(), services.GetRequiredService<ISegmentStore>(), TimeProvider.System).SealAsync(id);
        await ShouldAllPlayAsync(apps, answers);
        using var redirect = await second.GetAsync(answers[0].Media("video/seg-0.m4s"));
        (await first.Client.GetByteArrayAsync(redirect.Headers.Location, Cancelled)).Length.ShouldBe(101);
    }

    private static async Task<JsonElement[]> PlayAllAsync(TestFunctionApp[] apps, bool own)
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, Viewers).Select(i => apps[i % apps.Length].TryPlayFilmAsync(own)));
        responses.ShouldAllBe(r => r.StatusCode == HttpStatusCode.Accepted);
        return await Task.WhenAll(responses.Select(r => r.Content.ReadFromJsonAsync<JsonElement>(Cancelled)));
    }

    /// <summary>Each link opens on the instance that did not make it.</summary>
    private static async Task ShouldAllPlayAsync(TestFunctionApp[] apps, JsonElement[] answers)
    {
        var masters = await Task.WhenAll(answers.Select((a, i) => apps[(i + 1) % apps.Length].ReadAsync(a.Master())));
        masters.ShouldAllBe(m => m.Contains($"{answers[0].Text("generation")}/video.m3u8"));
    }
}
