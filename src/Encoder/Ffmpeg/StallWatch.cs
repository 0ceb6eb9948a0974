using CliWrap;

namespace HlsCache.Encoder.Ffmpeg;

/// <summary>Fires when a process is waited for and neither its output nor a sign of progress comes for too long.</summary>
public sealed class StallWatch : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stalled;
    private readonly TimeSpan limit;
    private bool isWaiting = true;
    private bool isHeld;

    public StallWatch(TimeSpan limit, TimeProvider time)
    {
        this.limit = limit;
        stalled = new(limit, time);
        Stalled = stalled.Token;
    }

    public CancellationToken Stalled { get; }

    /// <summary>A sign of life.</summary>
    public void Beat() => Set();

    /// <summary>Whether the process is kept from working, which is no fault of its own.</summary>
    public void Hold(bool held) => Set(held: held);

    public PipeTarget Watch(PipeTarget output) => PipeTarget.Create(
        // While nobody reads, as when uploads are slow, it is not the process that is waited for.
        (stream, token) => output.CopyFromAsync(new WatchedStream(stream, () => Set(waiting: true), () => Set(waiting: false)), token));

    public void Dispose() => stalled.Dispose();

    private void Set(bool? waiting = null, bool? held = null)
    {
        lock (gate)
        {
            (isWaiting, isHeld) = (waiting ?? isWaiting, held ?? isHeld);
            stalled.CancelAfter(isWaiting && !isHeld ? limit : Timeout.InfiniteTimeSpan);
        }
    }
}
