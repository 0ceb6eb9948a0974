namespace HlsCache.Service.Stats;

/// <summary>A value that is read anew only when it is some time old, once for however many ask.</summary>
public sealed class Remembered<T>(Func<Task<T>> read, TimeSpan memory, TimeProvider time)
    where T : class
{
    private readonly Lock gate = new();
    private Task<T>? reading;
    private DateTimeOffset readAt;
    private TimeSpan rest;

    /// <summary>The last value that was read, however old; null before the first.</summary>
    public T? Last { get; private set; }

    /// <summary>For how many times as long as it takes to read it, the value is kept at least.</summary>
    public int LeastRest { get; init; }

    public Task<T> GetAsync(CancellationToken cancellationToken) => GetAsync(rest > memory ? rest : memory, cancellationToken);

    /// <summary>The value, no older than it is remembered, whatever it takes to read it.</summary>
    public Task<T> GetFreshAsync(CancellationToken cancellationToken) => GetAsync(memory, cancellationToken);

    private Task<T> GetAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // One at a time: those who come meanwhile share it.
            if (reading is null or { IsFaulted: true } or { IsCanceled: true } || (reading.IsCompleted && readAt + age <= time.GetUtcNow()))
            {
                reading = Task.Run(ReadAsync, CancellationToken.None);
            }

            return reading.WaitAsync(cancellationToken);
        }
    }

    private async Task<T> ReadAsync()
    {
        var begun = time.GetTimestamp();
        Last = await read();
        rest = time.GetElapsedTime(begun) * LeastRest;
        readAt = time.GetUtcNow();
        return Last;
    }
}
