namespace HlsCache.Functions.Stats;

/// <summary>A value that is read anew only when it is some time old, once for however many ask. The longer it took to read, the longer it is kept.</summary>
public sealed class Remembered<T>(Func<Task<T>> read, TimeSpan memory, TimeProvider time)
    where T : class
{
    // Many instances share what they read from, and its limits.
    private const int LeastRest = 50;

    private readonly Lock gate = new();
    private Task<T>? reading;
    private DateTimeOffset until;

    /// <summary>The last value that was read, however old; null before the first.</summary>
    public T? Last { get; private set; }

    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // One at a time: those who come meanwhile share it.
            if (reading is null or { IsFaulted: true } or { IsCanceled: true } || (reading.IsCompleted && until <= time.GetUtcNow()))
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
        var rest = time.GetElapsedTime(begun) * LeastRest;
        until = time.GetUtcNow() + (rest > memory ? rest : memory);
        return Last;
    }
}
