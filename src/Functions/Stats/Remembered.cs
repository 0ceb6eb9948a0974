namespace HlsCache.Functions.Stats;

/// <summary>A value that is read anew only when it is some time old, once for however many ask.</summary>
public sealed class Remembered<T>(Func<Task<T>> read, TimeSpan memory, TimeProvider time)
    where T : class
{
    private readonly Lock gate = new();
    private Task<T>? reading;
    private DateTimeOffset until;

    /// <summary>The last value that was read, however old; null before the first.</summary>
    public T? Last { get; private set; }

    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            // One at a time: a read that takes longer than its result is remembered is shared by those who come meanwhile.
            if (reading is null or { IsFaulted: true } or { IsCanceled: true } || (reading.IsCompleted && until <= now))
            {
                (reading, until) = (Task.Run(ReadAsync, CancellationToken.None), now + memory);
            }

            return reading.WaitAsync(cancellationToken);
        }
    }

    private async Task<T> ReadAsync() => Last = await read();
}
