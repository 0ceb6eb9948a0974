using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Azure;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Service.Plays;
using HlsCache.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests;

/// <summary>When a message is sent, and when again: none is lost, and one is enough.</summary>
public sealed class EnqueueTests : AppTests
{
    [Fact]
    public async Task A_sent_message_is_confirmed_in_the_row()
    {
        var answer = await app.PlayFilmAsync();

        var row = await cloud.CurrentAsync(answer);
        (row.Attempt, row.EnqueuedAt, row.SentAt).ShouldBe((1, cloud.Time.GetUtcNow(), cloud.Time.GetUtcNow()));
        var job = cloud.Queue.Sent.ShouldHaveSingleItem();
        (job.Id(), job.Attempt, job.First, job.End).ShouldBe((answer.Id(), 1, 0, (int?)null));
    }

    [Fact]
    public async Task A_job_carries_the_trace_of_the_request_that_asked_for_it()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/play") { Content = JsonContent.Create(new { source = "/media/film.mkv", quality = "720p", audio = -1 }) };
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        using var response = await app.Client.SendAsync(request, Cancelled);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        cloud.Queue.Sent.ShouldHaveSingleItem().TraceParent.ShouldNotBeNull().ShouldStartWith($"00-{Trace}-");
    }

    [Fact]
    public async Task When_the_queue_is_down_the_viewer_is_told_to_retry_and_the_row_remains()
    {
        await FailToSendAsync();

        var row = cloud.Entries.Rows.ShouldHaveSingleItem();
        (row.State, row.SentAt).ShouldBe((EntryState.Queued, null));
        cloud.Queue.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_was_never_confirmed_is_sent_again_under_the_same_id_after_a_grace()
    {
        await FailToSendAsync();
        cloud.Time.Advance(TimeSpan.FromSeconds(9));
        var joined = await app.PlayFilmAsync();
        joined.Text("state").ShouldBe("queued");
        cloud.Queue.Sent.ShouldBeEmpty();

        cloud.Time.Advance(TimeSpan.FromSeconds(1));
        (await app.PlayFilmAsync()).Id().ShouldBe(joined.Id());

        cloud.Queue.Sent.ShouldHaveSingleItem().MessageId().ShouldBe($"{joined.Id()}-1");
        (await cloud.CurrentAsync(joined)).SentAt.ShouldBe(cloud.Time.GetUtcNow());
    }

    [Fact]
    public async Task A_message_whose_confirmation_was_lost_is_sent_again_under_the_same_id()
    {
        cloud.Probe.Before = call => call == "entries.update" ? throw new RequestFailedException(503, "Server busy") : Task.CompletedTask;
        (await app.TryPlayFilmAsync()).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        cloud.Probe.Before = _ => Task.CompletedTask;

        cloud.Time.Advance(TimeSpan.FromSeconds(10));
        await app.PlayFilmAsync();

        cloud.Queue.Sent.Select(j => j.Attempt).ShouldBe([1, 1]);
    }

    [Fact]
    public async Task A_confirmed_message_is_not_sent_again_while_it_may_be_in_the_queue()
    {
        var answer = await app.PlayFilmAsync();
        cloud.Time.Advance(PlayPolicy.MessageLifetime - TimeSpan.FromSeconds(1));
        await app.PlayFilmAsync();
        cloud.Queue.Sent.Count.ShouldBe(1);

        cloud.Time.Advance(TimeSpan.FromSeconds(1));
        await app.PlayFilmAsync();
        await app.PlayFilmAsync();

        cloud.Queue.Sent.Select(j => j.MessageId()).ShouldBe([$"{answer.Id()}-1", $"{answer.Id()}-2"]);
        (await cloud.CurrentAsync(answer)).Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task Many_plays_after_the_time_to_live_send_one_message()
    {
        await app.PlayFilmAsync();
        cloud.Time.Advance(PlayPolicy.MessageLifetime);
        cloud.Probe.Before = async _ => await Task.Yield();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.PlayFilmAsync()));

        cloud.Queue.Sent.Select(j => j.Attempt).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_claim_between_the_sending_and_its_confirmation_and_the_confirmation_both_stay()
    {
        cloud.Probe.After = call => call == "queue.send" ? ClaimAsync() : Task.CompletedTask;

        var answer = await app.PlayFilmAsync();

        answer.Text("state").ShouldBe("encoding");
        var row = await cloud.CurrentAsync(answer);
        (row.State, row.Failures, row.SentAt).ShouldBe((EntryState.Encoding, 1, cloud.Time.GetUtcNow()));
    }

    [Fact]
    public async Task A_film_that_was_sealed_before_the_confirmation_stays_sealed()
    {
        cloud.Probe.After = call => call == "queue.send" ? cloud.SealAsync(cloud.Entries.Rows[0].Id) : Task.CompletedTask;

        var answer = await app.PlayFilmAsync();

        (await cloud.CurrentAsync(answer)).State.ShouldBe(EntryState.Complete);
        (await app.PlayFilmAsync()).Text("state").ShouldBe("hit");
    }

    [Fact]
    public async Task A_viewer_who_is_watching_has_a_lost_message_sent_again_by_a_heartbeat()
    {
        await FailToSendAsync();
        var joined = await app.PlayFilmAsync(own: true);
        cloud.Time.Advance(PlayPolicy.SendGrace);

        var heartbeat = $"/api/sessions/{joined.Text("session")}?t={joined.Token()}";
        (await app.Client.PutAsync(new Uri(heartbeat, UriKind.Relative), null, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);

        cloud.Queue.Sent.ShouldHaveSingleItem().Id().ShouldBe(joined.Id());
    }

    [Fact]
    public async Task A_player_that_waits_in_vain_has_a_lost_message_sent_again()
    {
        await FailToSendAsync();
        var joined = await app.PlayFilmAsync();
        await WaitInVainAsync(firstWait: 1);
        cloud.Queue.Sent.ShouldBeEmpty("whoever was about to send may still do it");

        await WaitInVainAsync(firstWait: 3);
        cloud.Queue.Sent.ShouldHaveSingleItem().Id().ShouldBe(joined.Id());

        async Task WaitInVainAsync(int firstWait)
        {
            var asked = app.GetAsync(joined.Media("video/seg-0.m4s"));
            await cloud.Time.WaitsAsync(firstWait);
            await cloud.Time.StepAsync(TimeSpan.FromSeconds(7.9));
            cloud.Time.Advance(TimeSpan.FromSeconds(0.1));
            (await asked).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }
    }

    [Fact]
    public async Task A_viewer_who_leaves_does_not_take_the_job_along()
    {
        using var leaving = new CancellationTokenSource();
        cloud.Probe.After = call => call == "entries.start" ? leaving.CancelAsync() : Task.CompletedTask;
        var request = PlayRequest.Parse("/media/film.mkv", "720p", "-1", out _)!;

        await app.Services.GetRequiredService<PlayRouter>().PlayAsync(request, own: false, leaving.Token);

        cloud.Queue.Sent.ShouldHaveSingleItem().Key.ShouldBe(request.Key.Value);
        cloud.Entries.Rows.ShouldHaveSingleItem().SentAt.ShouldNotBeNull();
    }

    private async Task FailToSendAsync()
    {
        cloud.Probe.Before = call => call == "queue.send" ? throw new RequestFailedException(503, "Server busy") : Task.CompletedTask;
        using var response = await app.TryPlayFilmAsync();
        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "Storage does not answer. Try again in a few seconds.");
        response.ShouldSayRetry();
        cloud.Probe.Before = _ => Task.CompletedTask;
    }

    private Task<Entry> ClaimAsync() => cloud.ChangeAsync(cloud.Entries.Rows[0].Id, e => e with { State = EntryState.Encoding, Failures = 1 });
}
