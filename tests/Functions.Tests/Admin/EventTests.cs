using System.Net;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Work;
using HlsCache.Functions.Admin;
using HlsCache.Functions.Tests.Stage;
using Microsoft.AspNetCore.Http;

namespace HlsCache.Functions.Tests.Admin;

/// <summary>The operator follows an encode.</summary>
public sealed class EventTests : EntryTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Every_change_is_told_until_the_seal()
    {
        var play = await app.PlayFilmAsync();
        await using var events = await ListenAsync(play);
        (await events.NextAsync()).ShouldBe(("progress", """{"state":"queued","ready":0,"total":0,"percent":0,"speed":0,"error":null}"""));

        await cloud.PlanAsync(play.Id());
        await StepAsync();
        (await events.NextAsync()).Data.ShouldContain("\"state\":\"encoding\",\"ready\":0,\"total\":8");
        await cloud.ReportAsync(play.Id(), ReadySet.Empty.WithSegment(Core.Plans.Rendition.Video, 0), 1.5);
        await StepAsync();
        (await events.NextAsync()).Data.ShouldContain("\"ready\":1,\"total\":8,\"percent\":12,\"speed\":1.5");
        await cloud.SealAsync(play.Id());
        cloud.Time.Advance(Poll);
        var last = await events.NextAsync();
        last.ShouldBe(("progress", """{"state":"complete","ready":8,"total":8,"percent":100,"speed":0,"error":null}"""));
        (await events.NextAsync()).ShouldBe(("end", last.Data));
        (await events.NextAsync()).ShouldBe(("", ""));
    }

    [Fact]
    public async Task While_nothing_changes_a_comment_shows_that_the_connection_lives()
    {
        var play = await app.PlayFilmAsync();
        await using var events = await ListenAsync(play);
        await events.NextAsync();
        for (var polls = 0; polls < 149; polls++)
        {
            await StepAsync();
        }

        cloud.Time.Advance(Poll);
        (await events.LineAsync()).ShouldBe(":");
    }

    // The Functions host would end the process of an answer that has no end.
    [Fact]
    public async Task It_ends_before_the_host_would_end_it_and_can_be_asked_again()
    {
        var play = await app.PlayFilmAsync();
        await using var events = await ListenAsync(play);
        await events.NextAsync();

        cloud.Time.Advance(ProgressStream.Longest);

        while (await events.LineAsync() is { } line)
        {
            line.ShouldBeOneOf("", ":");
        }

        await using var again = await ListenAsync(play);
        (await again.NextAsync()).Event.ShouldBe("progress");
    }

    [Fact]
    public async Task A_failure_ends_it_with_the_reason()
    {
        var play = await app.PlayFilmAsync();
        await cloud.ChangeAsync(play.Id(), e => e with { State = EntryState.Failed, Error = "moov atom not found" });
        await using var events = await ListenAsync(play);
        (await events.NextAsync()).Data.ShouldContain("\"state\":\"failed\"");
        var end = await events.NextAsync();
        end.Event.ShouldBe("end");
        end.Data.ShouldContain("moov atom not found");
    }

    [Fact]
    public async Task A_generation_that_is_gone_ends_it()
    {
        var play = await app.PlayFilmAsync();
        await using var events = await ListenAsync(play);
        await events.NextAsync();
        cloud.Entries.Remove(play.Id());
        cloud.Time.Advance(Poll);
        (await events.NextAsync()).Data.ShouldContain("\"state\":\"gone\"");
        (await events.NextAsync()).Event.ShouldBe("end");
    }

    [Fact]
    public async Task What_is_sealed_ends_at_once()
    {
        var film = await cloud.SealedFilmAsync();
        var text = await app.ReadAsync($"/api/entries/{film.Id.Key}/events");
        text.ShouldStartWith("event: progress\ndata: {\"state\":\"complete\",");
        text.ShouldContain("\n\nevent: end\ndata: {");
    }

    [Fact]
    public async Task A_listener_who_leaves_is_no_fault()
    {
        var play = await app.PlayFilmAsync();
        using var leaves = new CancellationTokenSource();
        await using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = app.Services, RequestAborted = leaves.Token, Response = { Body = body } };
        var listening = new ProgressStream(play.Id()).ExecuteAsync(context);

        await leaves.CancelAsync();

        await listening.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancelled);
        System.Text.Encoding.UTF8.GetString(body.ToArray()).ShouldNotContain("event: end");
    }

    /// <summary>Ends a poll of the watch and returns when it waits for the next.</summary>
    private Task StepAsync() => cloud.Time.StepAsync(Poll);

    private async Task<Events> ListenAsync(JsonElement play)
    {
        var response = await app.Client.GetAsync($"/api/entries/{play.Key()}/events", HttpCompletionOption.ResponseHeadersRead, Cancelled);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        return new(response, new(await response.Content.ReadAsStreamAsync(Cancelled)));
    }

    private sealed class Events(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
    {
        public async Task<string?> LineAsync() => await reader.ReadLineAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancelled);

        /// <summary>The next event; an empty one at the end.</summary>
        public async Task<(string Event, string Data)> NextAsync()
        {
            var (name, data) = ("", "");
            for (var line = await LineAsync(); line is { Length: > 0 }; line = await LineAsync())
            {
                (name, data) = line.StartsWith("event: ", StringComparison.Ordinal) ? (line[7..], data) : (name, line["data: ".Length..]);
            }

            return (name, data);
        }

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
