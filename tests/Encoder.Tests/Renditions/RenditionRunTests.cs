using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Renditions;
using HlsCache.Encoder.Tests.Stage;

namespace HlsCache.Encoder.Tests.Renditions;

/// <summary>Real ffmpeg on a short film: segments of a second behind the ramp, 9 of them.</summary>
public sealed class RenditionRunTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly EncoderStage stage = new();
    private readonly List<int> published = [];
    private readonly List<int> inits = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string PidFile => Path.Join(stage.Folder, "pid");

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Theory]
    [InlineData(0, null, 9)]
    [InlineData(3, null, 9)]
    [InlineData(2, 5, 5)]
    [InlineData(8, 9, 9)]
    public async Task It_publishes_its_segments_in_order_behind_the_init(int first, int? end, int last)
    {
        var film = await FilmAsync();
        var ended = await EndAsync(Start(film, first, end));
        published.ShouldBe(Enumerable.Range(first, last - first));
        inits.ShouldHaveSingleItem();
        if (end is null)
        {
            ended.ShouldBeOfType<RunEnd.SourceEnded>().IsPlanned.ShouldBeTrue();
        }
        else
        {
            ended.ShouldBe(new RunEnd.Stopped(film.Plan.Video!.Grid.Start(last)));
        }
    }

    [Fact]
    public async Task It_is_stopped_before_a_segment_and_may_be_let_further_until_then()
    {
        var film = await FilmAsync();
        var run = Start(film, 1, null, (run, index) =>
        {
            if (index == 2)
            {
                run.StopBefore(5);
            }
        });
        run.StopBefore(4);
        (await EndAsync(run)).ShouldBe(new RunEnd.Stopped(film.Plan.Video!.Grid.Start(5)));
        published.ShouldBe([1, 2, 3, 4]);
        run.Position.ShouldBe(5);
        IsGone().ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_made_already_stays_when_it_is_stopped_too_late()
    {
        var film = await FilmAsync();
        var run = Start(film, 0, null, (run, index) =>
        {
            if (index == 2)
            {
                run.StopBefore(1);
            }
        });
        var ended = (await EndAsync(run)).ShouldBeOfType<RunEnd.Stopped>();
        // What is made beside the upload that stopped it may be whole by then.
        ended.Reached.ShouldBe(film.Plan.Video!.Grid.Start(run.Position));
        published.ShouldBe(Enumerable.Range(0, run.Position));
        run.Position.ShouldBeInRange(3, 8);
    }

    [Fact]
    public async Task Stopped_where_it_starts_it_makes_nothing()
    {
        var film = await FilmAsync();
        var run = Start(film, 4, null);
        run.StopBefore(4);
        (await EndAsync(run)).ShouldBe(new RunEnd.Stopped(film.Plan.Video!.Grid.Start(4)));
        published.ShouldBeEmpty();
    }

    [Fact]
    public async Task Paused_it_stands_still_until_it_goes_on()
    {
        var film = await FilmAsync();
        var paused = new TaskCompletionSource();
        var run = Start(film, 0, null, (run, index) =>
        {
            if (index == 0)
            {
                run.Pause();
                paused.SetResult();
            }
        });
        await paused.Task.WaitAsync(Limit, Token);
        run.IsPaused.ShouldBeTrue();
        await HeldAsync();
        run.Completion.IsCompleted.ShouldBeFalse();
        run.Resume();
        (await EndAsync(run)).ShouldBeOfType<RunEnd.SourceEnded>();
        published.ShouldBe(Enumerable.Range(0, 9));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Paused_it_can_be_ended(bool byToken)
    {
        var film = await FilmAsync();
        using var stop = new CancellationTokenSource();
        var run = Start(film, 0, null, stopping: stop.Token);
        await BegunAsync();
        run.Pause();
        await HeldAsync();
        if (byToken)
        {
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(run.Completion.WaitAsync(Limit, Token));
        }
        else
        {
            run.StopBefore(0);
            (await EndAsync(run)).ShouldBe(new RunEnd.Stopped(0));
        }

        IsGone().ShouldBeTrue();
    }

    [Fact]
    public async Task What_publishing_throws_ends_it()
    {
        var run = Start(await FilmAsync(), 0, null, (_, index) =>
        {
            if (index == 1)
            {
                throw new IOException("no room");
            }
        });
        (await Should.ThrowAsync<IOException>(run.Completion.WaitAsync(Limit, Token))).Message.ShouldBe("no room");
        IsGone().ShouldBeTrue();
    }

    [Fact]
    public async Task It_tells_when_ffmpeg_was_ended_from_outside()
    {
        var film = await FilmAsync();
        stage.Replace("ffmpeg", "\"$real\" \"$@\" | head -c 60000; kill -9 $$");
        var ended = (await EndAsync(Start(film, 0, null))).ShouldBeOfType<RunEnd.Failed>();
        ended.Reason.ShouldContain("stopped");
        ended.Reached.ShouldBe(film.Plan.Video!.Grid.Start(published.Count));
    }

    [Fact]
    public async Task It_tells_an_end_that_was_not_planned()
    {
        var film = await FilmAsync(6.5);
        var longer = film with { Plan = film.Plan.WithUnits(Core.Plans.Rendition.Video, film.Plan.Video!.Units + 100) };
        var ended = (await EndAsync(Start(longer, 0, null))).ShouldBeOfType<RunEnd.SourceEnded>();
        ended.IsPlanned.ShouldBeFalse();
        ended.Reached.ShouldBe(film.Plan.Video.Units);
        ended.Tail.ShouldNotBeNull().Index.ShouldBe(8);
    }

    private async Task<PlannedSource> FilmAsync(double seconds = 7)
    {
        await stage.FilmAsync("film.mkv", seconds);
        stage.Replace("ffmpeg", $"echo $$ > {PidFile}.new; mv {PidFile}.new {PidFile}; exec $real \"$@\"");
        var entry = await stage.PlayAsync("film.mkv");
        return (await stage.Get<SourceScout>().LookAsync(entry, Token)).Found.ShouldNotBeNull();
    }

    private RenditionRun Start(PlannedSource film, int first, int? end, Action<RenditionRun, int>? then = null, CancellationToken? stopping = null)
    {
        var started = new TaskCompletionSource<RenditionRun>();
        var run = stage.Get<RunStarter>().Start(
            film,
            film.Plan.Video!,
            first,
            end,
            new(
                init =>
                {
                    inits.Add(init.Length);
                    return Task.CompletedTask;
                },
                async segment =>
                {
                    published.Add(segment.Index);
                    then?.Invoke(await started.Task, segment.Index);
                }),
            stopping ?? Token);
        started.SetResult(run);
        return run;
    }

    private static Task<RunEnd> EndAsync(RenditionRun run) => run.Completion.WaitAsync(Limit, Token);

    private Task BegunAsync() => UntilAsync(() => File.Exists(PidFile));

    /// <summary>Waits until the system shows the process as stopped: its state stands behind its name, which is in brackets.</summary>
    private Task HeldAsync() => UntilAsync(() => File.ReadAllText($"/proc/{Pid()}/stat").Contains(") T ", StringComparison.Ordinal));

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Limit);
        while (!condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private bool IsGone() => !File.Exists(PidFile) || !Directory.Exists($"/proc/{Pid()}");

    private string Pid() => File.ReadAllText(PidFile).Trim();
}
