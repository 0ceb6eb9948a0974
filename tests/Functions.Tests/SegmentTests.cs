using System.Net;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using HlsCache.Core.Work;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests;

/// <summary>The routes of segments: a redirect to the blob once it exists, a wait until then, and the truth when it never will.</summary>
public sealed class SegmentTests : IAsyncLifetime
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly ReadySet All = new(true, IndexSet.Range(5), true, IndexSet.Range(3), IndexSet.Of([0, 2]));

    private readonly Cloud cloud = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestFunctionApp app = null!;

    public async ValueTask InitializeAsync() => app = await cloud.StartAsync(
        services => services.AddSingleton<IStartupFilter>(new Ends("/api/hls", ended)), ("HlsCache:NativeHoldSeconds", "20"));

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    [InlineData("video/init.mp4")]
    [InlineData("video/seg-0.m4s")]
    [InlineData("video/seg-4.m4s")]
    [InlineData("audio/init.mp4")]
    [InlineData("audio/seg-2.m4s")]
    [InlineData("subs/0/seg-0.vtt")]
    [InlineData("subs/2/seg-0.vtt")]
    public async Task What_exists_is_redirected_to_its_blob_before_the_seal_and_after(string name)
    {
        var miss = await MissAsync();
        await cloud.ReportAsync(miss.Id(), All);
        await ShouldRedirectAsync(app.GetAsync(miss.Media(name)), miss, name);

        await cloud.SealAsync(miss.Id());
        await ShouldRedirectAsync(app.GetAsync(miss.Media(name)), miss, name);
    }

    [Theory]
    [InlineData("video/init.mp4")]
    [InlineData("video/seg-3.m4s")]
    [InlineData("audio/seg-1.m4s")]
    [InlineData("subs/2/seg-0.vtt")]
    public async Task What_does_not_exist_is_waited_for(string name)
    {
        var miss = await MissAsync();
        var asked = app.GetAsync(miss.Media(name));
        await cloud.Time.WaitsAsync(1);
        await cloud.Time.StepAsync(Poll);
        asked.IsCompleted.ShouldBeFalse();

        await cloud.ReportAsync(miss.Id(), All);
        cloud.Time.Advance(Poll);

        await ShouldRedirectAsync(asked, miss, name);
    }

    [Fact]
    public async Task A_wait_begun_before_the_plan_ends_with_the_segment()
    {
        var miss = await app.PlayFilmAsync();
        var asked = app.GetAsync(miss.Media("video/seg-0.m4s"));
        await cloud.Time.WaitsAsync(1);
        await cloud.PlanAsync(miss.Id());
        await cloud.Time.StepAsync(Poll);

        await cloud.ReportAsync(miss.Id(), All);
        cloud.Time.Advance(Poll);

        await ShouldRedirectAsync(asked, miss, "video/seg-0.m4s");
    }

    [Fact]
    public async Task After_eight_seconds_our_page_is_told_to_ask_again()
    {
        var miss = await MissAsync();
        var asked = app.GetAsync(miss.Media("video/seg-0.m4s"));
        await cloud.Time.WaitsAsync(1);
        await cloud.Time.StepAsync(TimeSpan.FromSeconds(7.9));
        asked.IsCompleted.ShouldBeFalse();

        cloud.Time.Advance(Poll);

        using var response = await asked;
        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "This part of the film is not there yet. Ask again.");
        response.ShouldSayRetry();
    }

    [Fact]
    public async Task A_native_player_is_held_as_long_as_the_setting_says()
    {
        var miss = await MissAsync();
        using var redirect = await app.GetAsync("/api/play.m3u8?source=/media/film.mkv&quality=720p");
        var native = Answers.TokenOf(redirect.Headers.Location!.OriginalString);
        var asked = app.GetAsync($"/api/hls/{native}/{miss.Text("generation")}/video/seg-0.m4s");
        await cloud.Time.WaitsAsync(1);
        await cloud.Time.StepAsync(TimeSpan.FromSeconds(19.9));
        asked.IsCompleted.ShouldBeFalse();

        cloud.Time.Advance(Poll);

        (await asked).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_message_that_was_never_sent_is_sent_while_a_native_player_waits()
    {
        cloud.Probe.Before = call => call == "queue.send" ? throw new IOException("The app dies.") : Task.CompletedTask;
        (await app.TryPlayFilmAsync()).IsSuccessStatusCode.ShouldBeFalse();
        cloud.Probe.Before = _ => Task.CompletedTask;
        var row = cloud.Entries.Rows.ShouldHaveSingleItem();
        using var redirect = await app.GetAsync("/api/play.m3u8?source=/media/film.mkv&quality=720p");
        var native = Answers.TokenOf(redirect.Headers.Location!.OriginalString);
        cloud.Queue.Sent.ShouldBeEmpty();
        var asked = app.GetAsync($"/api/hls/{native}/{row.Id.Generation}/video/seg-0.m4s");
        await cloud.Time.WaitsAsync(1);

        await cloud.Time.StepAsync(TimeSpan.FromSeconds(11));

        asked.IsCompleted.ShouldBeFalse();
        cloud.Queue.Sent.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("video/seg-5.m4s")]
    [InlineData("video/seg-2147483647.m4s")]
    [InlineData("audio/seg-3.m4s")]
    [InlineData("subs/0/seg-1.vtt")]
    [InlineData("subs/1/seg-0.vtt")] // A bitmap, which is skipped.
    [InlineData("subs/9/seg-0.vtt")]
    public async Task Beyond_the_end_there_is_nothing(string name)
    {
        var miss = await MissAsync();

        using var response = await app.GetAsync(miss.Media(name));

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "There is no such segment: the film ends before it.");
    }

    [Theory]
    [InlineData("video/seg--1.m4s")]
    [InlineData("video/seg-x.m4s")]
    [InlineData("video/seg-99999999999.m4s")]
    [InlineData("video/seg-0.mp4")]
    [InlineData("picture/seg-0.m4s")]
    public async Task What_is_no_name_of_a_segment_is_not_found(string name)
    {
        var miss = await MissAsync();

        (await app.GetAsync(miss.Media(name))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_wait_for_a_segment_that_the_film_proves_not_to_have_ends_at_once()
    {
        var miss = await MissAsync();
        var asked = app.GetAsync(miss.Media("video/seg-4.m4s"));
        await cloud.Time.WaitsAsync(1);

        await cloud.ChangeAsync(miss.Id(), e => e with { VideoUnits = 200, VideoSegments = 4 });
        cloud.Time.Advance(Poll);

        (await asked).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await cloud.ReportAsync(miss.Id(), All);
        await ShouldRedirectAsync(app.GetAsync(miss.Media("video/seg-3.m4s")), miss, "video/seg-3.m4s");
    }

    [Fact]
    public async Task A_failure_ends_the_wait_with_its_reason()
    {
        var miss = await MissAsync();
        var asked = app.GetAsync(miss.Media("video/seg-4.m4s"));
        await cloud.Time.WaitsAsync(1);

        await cloud.ChangeAsync(miss.Id(), e => e with { State = EntryState.Failed, Error = "Invalid data found", FailedAt = cloud.Time.GetUtcNow() });
        cloud.Time.Advance(Poll);

        using var response = await asked;
        await response.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "Invalid data found");
    }

    [Fact]
    public async Task A_generation_that_vanishes_ends_the_wait()
    {
        var miss = await MissAsync();
        var asked = app.GetAsync(miss.Media("video/seg-4.m4s"));
        await cloud.Time.WaitsAsync(1);

        cloud.Entries.Remove(miss.Id());
        cloud.Time.Advance(Poll);

        using var response = await asked;
        await response.ShouldBeProblemAsync(HttpStatusCode.Gone, "This encode of the film is gone. Start again from the master playlist.");
    }

    [Theory]
    [InlineData("1jduaj3480ihihih")]
    [InlineData("no-generation")]
    public async Task A_generation_that_never_was_is_gone(string generation)
    {
        var miss = await MissAsync();

        (await app.GetAsync($"/api/hls/{miss.Token()}/{generation}/video/seg-0.m4s")).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await app.GetAsync($"/api/hls/{miss.Token()}/{generation}/video.m3u8")).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_sealed_generation_that_vanishes_is_gone_ten_seconds_later_at_most()
    {
        var miss = await MissAsync();
        await cloud.SealAsync(miss.Id());
        await ShouldRedirectAsync(app.GetAsync(miss.Media("video/seg-0.m4s")), miss, "video/seg-0.m4s");

        cloud.Entries.Remove(miss.Id());
        cloud.Segments.Remove(miss.Id());
        cloud.Time.Advance(TimeSpan.FromSeconds(10));

        (await app.GetAsync(miss.Media("video/seg-0.m4s"))).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await app.GetAsync(miss.Media("video.m3u8"))).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Segments_of_a_sealed_film_cost_no_read_each()
    {
        await cloud.SealedFilmAsync();
        var hit = await app.PlayFilmAsync();
        await app.ReadAsync(hit.Media("video.m3u8"));
        cloud.Probe.Forget();

        for (var n = 0; n < 5; n++)
        {
            await ShouldRedirectAsync(app.GetAsync(hit.Media($"video/seg-{n}.m4s")), hit, $"video/seg-{n}.m4s");
        }

        cloud.Probe.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fifty_waiters_share_one_poll()
    {
        const int waiters = 50;
        const int polls = 10;
        var miss = await MissAsync();
        var arrived = new CountdownEvent(waiters);
        cloud.Probe.Before = call =>
        {
            if (call == "entries.find" && !arrived.IsSet)
            {
                arrived.Signal();
            }

            return Task.CompletedTask;
        };
        var asked = Enumerable.Range(0, waiters).Select(i => app.GetAsync(miss.Media($"video/seg-{i % 5}.m4s"))).ToList();
        await Task.Run(arrived.Wait, TestContext.Current.CancellationToken);
        await cloud.Time.WaitsAsync(1);
        for (var i = 0; i < polls; i++)
        {
            await cloud.Time.StepAsync(Poll);
        }

        // Each looks once for itself; a last one may have come too late for the first poll.
        cloud.Probe.Count("entries.find").ShouldBeInRange(waiters + polls, waiters + (2 * polls));
        await cloud.ReportAsync(miss.Id(), All);
        var answers = Task.WhenAll(asked);
        while (!answers.IsCompleted)
        {
            // One who came too late for a poll begins the next.
            await Task.WhenAny(answers, cloud.Time.StepAsync(Poll));
        }

        (await answers).ShouldAllBe(r => r.StatusCode == HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_player_that_goes_away_frees_its_wait()
    {
        var miss = await MissAsync();
        using var leaving = new CancellationTokenSource();
        var asked = app.Client.GetAsync(miss.Media("video/seg-0.m4s"), leaving.Token);
        await cloud.Time.WaitsAsync(1);

        await leaving.CancelAsync();

        // The clock stands, so nothing but the disconnect can have ended the request.
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        await Should.ThrowAsync<OperationCanceledException>(asked);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(23)]
    [InlineData(28)]
    [InlineData(40)]
    public async Task An_altered_token_opens_nothing(int place)
    {
        var miss = await MissAsync();
        var token = miss.Token().ToCharArray();
        token[place] = token[place] == 'A' ? 'B' : 'A';

        using var response = await app.GetAsync($"/api/hls/{new string(token)}/{miss.Text("generation")}/video.m3u8");

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "There is nothing here: the link is wrong or its time is over. Play the film again.");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("%00")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_token_opens_nothing(string token)
    {
        (await app.GetAsync($"/api/hls/{token}/master.m3u8")).StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_token_ends_when_the_answer_said()
    {
        var miss = await MissAsync();
        cloud.Time.Advance(miss.Expires() - cloud.Time.GetUtcNow() - TimeSpan.FromSeconds(1));
        (await app.GetAsync(miss.Media("video.m3u8"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        cloud.Time.Advance(TimeSpan.FromSeconds(1));

        (await app.GetAsync(miss.Media("video.m3u8"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_opens_only_its_own_film()
    {
        var miss = await MissAsync();
        cloud.Films.Write("other.mkv", "another film");
        var other = await app.PlayFilmAsync(source: "/media/other.mkv");
        await cloud.SealAsync(other.Id());

        (await app.GetAsync($"/api/hls/{miss.Token()}/{other.Text("generation")}/video/seg-0.m4s")).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    private async Task<JsonElement> MissAsync()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.PlanAsync(miss.Id());
        return miss;
    }

    private static async Task ShouldRedirectAsync(Task<HttpResponseMessage> asked, JsonElement answer, string name)
    {
        using var response = await asked;
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.CacheControl!.ToString().ShouldBe("no-store");
        response.Headers.Location!.OriginalString.ShouldBe($"https://blobs.test/hls-{answer.Id()}/{name}?sig=test&se={answer.Expires().ToUnixTimeSeconds()}");
    }

    /// <summary>Tells when the app has done with a request, however it ended.</summary>
    private sealed class Ends(string path, TaskCompletionSource ended) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                try
                {
                    await rest(context);
                }
                finally
                {
                    if (context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal))
                    {
                        ended.TrySetResult();
                    }
                }
            });
            next(app);
        };
    }
}
