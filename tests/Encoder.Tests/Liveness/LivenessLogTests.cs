using HlsCache.Core.Entries;
using HlsCache.Encoder.Liveness;
using HlsCache.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Encoder.Tests.Liveness;

public sealed class LivenessLogTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly GenerationId Id = Samples.Entry(Samples.Request("/media/film.mkv", "720p", "0")).Id;

    private readonly FakeTimeProvider time = new();
    private readonly WorkInHand work = new();
    private readonly LogBook book = new();
    private readonly ILoggerFactory loggers;
    private readonly LivenessLog log;

    public LivenessLogTests()
    {
        loggers = LoggerFactory.Create(logging => logging.AddProvider(book));
        log = new(work, time, loggers.CreateLogger<LivenessLog>());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        log.Dispose();
        loggers.Dispose();
        book.Dispose();
    }

    [Fact]
    public async Task Work_is_told_of_every_minute_with_where_it_is()
    {
        await log.StartAsync(Token);
        using var piece = work.Begin(Id);
        Pass(minutes: 1);
        var done = 3;
        piece.Position = () => $"{done} of 150 segments";
        Pass(minutes: 1);
        done = 40;
        Pass(minutes: 1);
        Said().ShouldBe([$"Working on {Id}: looking at the source.", $"Working on {Id}: 3 of 150 segments.", $"Working on {Id}: 40 of 150 segments."]);
    }

    [Fact]
    public async Task Two_films_are_two_lines()
    {
        await log.StartAsync(Token);
        using var one = work.Begin(Id);
        using var other = work.Begin(Id);
        Pass(minutes: 1);
        Said().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Idleness_is_told_of_every_quarter_of_an_hour()
    {
        await log.StartAsync(Token);
        Pass(minutes: 14);
        Said().ShouldBeEmpty();
        Pass(minutes: 16);
        Said().ShouldBe(["Waiting for work, for 15 minutes now.", "Waiting for work, for 30 minutes now."]);
    }

    [Fact]
    public async Task Idleness_counts_from_the_end_of_the_work()
    {
        await log.StartAsync(Token);
        Pass(minutes: 14);
        work.Begin(Id).Dispose();
        using (work.Begin(Id))
        {
            Pass(minutes: 1);
        }

        Pass(minutes: 14);
        Said().ShouldHaveSingleItem().ShouldStartWith("Working");
    }

    [Fact]
    public async Task Nothing_is_said_once_it_is_stopped()
    {
        await log.StartAsync(Token);
        await log.StopAsync(Token);
        Pass(minutes: 30);
        Said().ShouldBeEmpty();
    }

    private void Pass(int minutes)
    {
        for (var i = 0; i < minutes; i++)
        {
            time.Advance(Minute);
        }
    }

    private List<string> Said() => [.. book.Lines.Select(line => line[$"Information {typeof(LivenessLog).FullName} ".Length..].Trim())];
}
