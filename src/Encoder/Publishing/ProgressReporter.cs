using System.Threading.Channels;
using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Work;
using Microsoft.Extensions.Logging;

namespace HlsCache.Encoder.Publishing;

/// <summary>
/// Tells waiting viewers what exists. The latest state wins, one write at a time: a new segment is told at once, and while nothing new comes
/// a heartbeat shows that the work goes on. A report that fails is repeated by the next and never disturbs the encode.
/// </summary>
public sealed partial class ProgressReporter : IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly IWorkStore work;
    private readonly GenerationId id;
    private readonly string worker;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly long begun;
    private readonly Task loop;
    private double seconds;

    public ProgressReporter(IWorkStore work, GenerationId id, string worker, ReadySet ready, TimeProvider time, ILogger logger)
    {
        (this.work, this.id, this.worker, this.time, this.logger, Ready) = (work, id, worker, time, logger, ready);
        begun = time.GetTimestamp();
        loop = LoopAsync();
    }

    /// <summary>Completes when this attempt has its first segment of the rendition that carries the timeline.</summary>
    public Task FirstSegment => first.Task;

    /// <summary>What exists by now.</summary>
    public ReadySet Ready { get; private set; }

    public void AddInit(Rendition rendition) => Change(ready => ready.WithInit(rendition), 0);

    /// <param name="length">Seconds of film in the segment; 0 for a rendition that runs beside the one that carries the timeline.</param>
    public void AddSegment(Rendition rendition, int index, double length)
    {
        Change(ready => ready.WithSegment(rendition, index), length);
        if (length > 0)
        {
            first.TrySetResult();
        }
    }

    public void AddSubtitle(int track) => Change(ready => ready with { Subtitles = ready.Subtitles.Add(track) }, 0);

    public async ValueTask DisposeAsync()
    {
        changes.Writer.TryComplete();
        await loop;
    }

    private void Change(Func<ReadySet, ReadySet> change, double length)
    {
        lock (gate)
        {
            Ready = change(Ready);
            seconds += length;
        }

        changes.Writer.TryWrite(true);
    }

    private async Task LoopAsync()
    {
        do
        {
            await WriteAsync();
        }
        while (await ChangedAsync());
    }

    /// <summary>Waits for a change or the next heartbeat; false at the end.</summary>
    private async Task<bool> ChangedAsync()
    {
        using var beat = new CancellationTokenSource(Heartbeat, time);
        try
        {
            if (!await changes.Reader.WaitToReadAsync(beat.Token))
            {
                return false;
            }

            changes.Reader.TryRead(out _);
        }
        catch (OperationCanceledException)
        {
            // Nothing new: time for a heartbeat.
        }

        return true;
    }

    private async Task WriteAsync()
    {
        try
        {
            WorkReport report;
            lock (gate)
            {
                report = new(id, worker, time.GetUtcNow(), seconds / Math.Max(0.001, time.GetElapsedTime(begun).TotalSeconds), Ready);
            }

            await work.PutAsync(report, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.ReportFailed(logger, id, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Id}: the progress could not be reported; the next report repeats it. {Cause}")]
        public static partial void ReportFailed(ILogger logger, GenerationId id, string cause);
    }
}
