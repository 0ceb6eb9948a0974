using System.Net;
using Azure;
using HlsCache.Core.Segments;
using HlsCache.Core.Work;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>What rows say of a generation, put together.</summary>
public sealed class GenerationReaderTests : AppTests
{
    [Fact]
    public async Task Work_that_cannot_be_read_is_told_even_of_a_generation_that_is_gone()
    {
        var miss = await app.PlayFilmAsync();
        cloud.Entries.Remove(miss.Id());
        cloud.Probe.Before = call => call == "work.read" ? Task.FromException(new RequestFailedException(503, "Server busy")) : Task.CompletedTask;

        using var response = await app.GetAsync(miss.Media("video/seg-0.m4s"));

        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "Storage does not answer. Try again in a few seconds.");
    }

    [Fact]
    public async Task A_worker_that_is_dead_has_no_speed_but_what_it_made()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.PlanAsync(miss.Id());
        await cloud.ReportAsync(miss.Id(), ReadySet.Empty with { Video = IndexSet.Range(4) }, speed: 2);
        cloud.Time.Advance(TimeSpan.FromSeconds(30));
        await cloud.Work.PutAsync(new(miss.Id(), "another", cloud.Time.GetUtcNow(), 3, ReadySet.Empty), Cancelled);
        (await ProgressAsync()).ShouldBe("""{"ready":4,"total":8,"percent":50,"speed":5}""");

        cloud.Time.Advance(TimeSpan.FromMilliseconds(1));

        (await ProgressAsync()).ShouldBe("""{"ready":4,"total":8,"percent":50,"speed":3}""");

        async Task<string> ProgressAsync() => (await app.PlayFilmAsync()).GetProperty("progress").GetRawText();
    }
}
