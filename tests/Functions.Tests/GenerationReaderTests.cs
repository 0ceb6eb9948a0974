using System.Net;
using Azure;
using HlsCache.Core.Entries;
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

    [Theory]
    [InlineData("master.m3u8", HttpStatusCode.OK)]
    [InlineData("{g}/video.m3u8", HttpStatusCode.OK)]
    [InlineData("{g}/video/seg-0.m4s", HttpStatusCode.Redirect)]
    public async Task An_eviction_that_backs_out_was_only_a_wait(string path, HttpStatusCode status)
    {
        var asked = await AskEvictingAsync(path);
        await cloud.Time.StepAsync(TimeSpan.FromMilliseconds(100));
        asked.IsCompleted.ShouldBeFalse();

        await cloud.ChangeAsync(cloud.Entries.Rows[0].Id, e => e with { State = EntryState.Complete });
        cloud.Time.Advance(TimeSpan.FromMilliseconds(100));

        (await asked).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task An_eviction_that_takes_its_time_is_to_be_asked_for_again()
    {
        var asked = await AskEvictingAsync("{g}/video/seg-0.m4s");

        cloud.Time.Advance(TimeSpan.FromSeconds(8));

        using var response = await asked;
        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "This part of the film is not there yet. Ask again.");
        response.ShouldSayRetry();
    }

    [Fact]
    public async Task An_eviction_that_is_done_is_the_end()
    {
        var asked = await AskEvictingAsync("{g}/video.m3u8");

        cloud.Entries.Remove(cloud.Entries.Rows[0].Id);
        cloud.Time.Advance(TimeSpan.FromMilliseconds(100));

        (await asked).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    /// <summary>A viewer asks while the film that he plays is being evicted.</summary>
    private async Task<Task<HttpResponseMessage>> AskEvictingAsync(string path)
    {
        var film = await cloud.SealedFilmAsync();
        var hit = await app.PlayFilmAsync();
        await cloud.ChangeAsync(film.Id, e => e with { State = EntryState.Evicting });
        var asked = app.GetAsync($"/api/hls/{hit.Token()}/{path.Replace("{g}", hit.Text("generation"), StringComparison.Ordinal)}");
        await cloud.Time.WaitsAsync(1);
        return asked;
    }
}
