using System.Threading.Channels;
using Azure;
using Azure.Identity;
using HlsCache.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Storage.Tests;

/// <summary>A hold of 60 s is renewed every 20 s and given up 55 s after the last request that succeeded was sent.</summary>
public sealed class RenewalTests
{
    private static readonly TimeSpan Granted = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(55);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider time = new();
    private readonly LogBook log = new();
    private readonly Channel<TaskCompletionSource<bool>> calls = Channel.CreateUnbounded<TaskCompletionSource<bool>>();

    [Fact]
    public async Task Renewals_keep_the_hold_beyond_the_time_granted()
    {
        await using var renewal = Start();
        for (var i = 0; i < 10; i++)
        {
            time.Advance(Period);
            await AnswerAsync(c => c.SetResult(true));
        }

        renewal.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_asked_before_a_third_of_the_time_is_over()
    {
        await using (Start())
        {
            time.Advance(Period - Instant);
        }

        calls.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_refusal_loses_the_hold_and_ends_the_renewals()
    {
        var renewal = Start();
        time.Advance(Period);
        await AnswerAsync(c => c.SetResult(false));
        await FiresAsync(renewal.Lost);
        time.Advance(Period);
        await renewal.DisposeAsync();
        calls.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, "The hold on test is lost: another has it, or it is gone.")]
    [InlineData(true, "The hold on test is given up: it was not renewed in time.")]
    public async Task The_log_tells_a_refusal_from_a_pause(bool paused, string sentence)
    {
        var asked = time.GetTimestamp();
        time.Advance(paused ? Life : TimeSpan.Zero);
        var renewal = Start(asked);
        time.Advance(Period);
        // The service has not given the hold to another yet, and renews it.
        await AnswerAsync(c => c.SetResult(paused));
        await renewal.DisposeAsync();

        log.Lines.ShouldHaveSingleItem().ShouldContain(sentence);
    }

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task A_call_that_failed_proves_nothing_and_is_tried_again(Exception failure)
    {
        await using var renewal = Start();
        time.Advance(Period);
        await AnswerAsync(c => c.SetException(failure));
        for (var i = 0; i < 3; i++)
        {
            time.Advance(Period);
            await AnswerAsync(c => c.SetResult(true));
        }

        renewal.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_call_without_an_answer_is_given_up_in_time_for_the_next()
    {
        await using var renewal = Start();
        time.Advance(Period);
        var silent = await CallAsync();
        time.Advance(Period);
        await AnswerAsync(c => c.SetResult(true));
        silent.Task.IsCanceled.ShouldBeTrue();
        // At the end of the first grant the second one holds.
        time.Advance(Life - Period - Period);
        renewal.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Silence_loses_the_hold_before_the_service_gives_it_to_another()
    {
        await using var renewal = Start();
        time.Advance(Life - Instant);
        renewal.Lost.IsCancellationRequested.ShouldBeFalse();
        time.Advance(Instant);
        renewal.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Failures_until_the_end_lose_the_hold()
    {
        await using var renewal = Start();
        for (var i = 0; i < 2; i++)
        {
            time.Advance(Period);
            await AnswerAsync(c => c.SetException(new RequestFailedException(503, "Server busy")));
        }

        time.Advance(Life - Period - Period - Instant);
        renewal.Lost.IsCancellationRequested.ShouldBeFalse();
        time.Advance(Instant);
        renewal.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_lost_once_stays_lost()
    {
        await using var renewal = Start();
        time.Advance(Life);
        renewal.Lost.IsCancellationRequested.ShouldBeTrue();
        // The tick of the 20th second.
        await CallAsync();
        var asking = renewal.RenewAsync(Cancel);
        await AnswerAsync(c => c.SetResult(true));
        (await asking).ShouldBeFalse();
    }

    [Fact]
    public async Task The_first_grant_counts_from_before_its_request_was_sent()
    {
        var asked = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(10));
        await using var renewal = Start(asked);
        time.Advance(TimeSpan.FromSeconds(45) - Instant);
        renewal.Lost.IsCancellationRequested.ShouldBeFalse();
        time.Advance(Instant);
        renewal.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task A_renewal_counts_from_before_its_request_was_sent()
    {
        await using var renewal = Start();
        time.Advance(TimeSpan.FromSeconds(5));
        var asking = renewal.RenewAsync(Cancel);
        var call = await CallAsync();
        time.Advance(TimeSpan.FromSeconds(10));
        await Task.Run(() => call.SetResult(true), Cancel);
        (await asking).ShouldBeTrue();
        time.Advance(Life - TimeSpan.FromSeconds(10) - Instant);
        renewal.Lost.IsCancellationRequested.ShouldBeFalse();
        time.Advance(Instant);
        renewal.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Theory]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(600)]
    public async Task A_grant_that_took_too_long_to_arrive_is_lost_from_the_start(int seconds)
    {
        var asked = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(seconds));
        await using var renewal = Start(asked);
        renewal.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Asking_at_once_shows_a_refusal()
    {
        await using var renewal = Start();
        var asking = renewal.RenewAsync(Cancel);
        await AnswerAsync(c => c.SetResult(false));
        (await asking).ShouldBeFalse();
        renewal.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Disposing_ends_the_renewals_and_is_no_loss()
    {
        var renewal = Start();
        await renewal.DisposeAsync();
        time.Advance(Granted);
        calls.Reader.TryRead(out _).ShouldBeFalse();
        renewal.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Disposing_gives_up_a_call_that_is_under_way()
    {
        var renewal = Start();
        time.Advance(Period);
        var call = await CallAsync();
        await renewal.DisposeAsync();
        call.Task.IsCanceled.ShouldBeTrue();
    }

    [Fact]
    public async Task Disposing_does_not_show_how_the_call_under_way_ended()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var renewal = Start(
            time.GetTimestamp(),
            async cancellationToken =>
            {
                asked.SetResult();
                var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var _ = cancellationToken.Register(cancelled.SetResult);
                await cancelled.Task;
                throw new RequestFailedException("The connection was closed.");
            });
        time.Advance(Period);
        await asked.Task.WaitAsync(Patience, Cancel);
        await Should.NotThrowAsync(() => renewal.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task Disposing_twice_is_no_error()
    {
        var renewal = Start();
        await renewal.DisposeAsync();
        await Should.NotThrowAsync(() => renewal.DisposeAsync().AsTask());
    }

    public static TheoryData<Exception> Transient() =>
    [
        new RequestFailedException(503, "Server busy"),
        new RequestFailedException(0, "Connection refused"),
        new IOException("Connection reset by peer"),
        new AggregateException(new RequestFailedException(0, "Connection refused")),
        new TaskCanceledException("Network timeout"),
        new AuthenticationFailedException("The token service does not answer"),
        new CredentialUnavailableException("The identity endpoint does not answer"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Renewal Start(long? asked = null, Func<CancellationToken, Task<bool>>? renew = null) =>
        new("test", renew ?? AskAsync, Granted, asked ?? time.GetTimestamp(), time, log.CreateLogger("test"));

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        // Whoever answers runs the renewal on until it waits again, so that the next step of a test finds it waiting.
        var answer = new TaskCompletionSource<bool>();
        await using var _ = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        await calls.Writer.WriteAsync(answer, CancellationToken.None);
        return await answer.Task;
    }

    private Task<TaskCompletionSource<bool>> CallAsync() => calls.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel);

    private async Task AnswerAsync(Action<TaskCompletionSource<bool>> answer)
    {
        var call = await CallAsync();
        await Task.Run(() => answer(call), Cancel);
    }

    private static async Task FiresAsync(CancellationToken token)
    {
        var fired = new TaskCompletionSource();
        await using var _ = token.Register(fired.SetResult);
        await fired.Task.WaitAsync(Patience, Cancel);
    }
}
