namespace HlsCache.Local;

/// <summary>Asks again and again until the answer is yes.</summary>
internal static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task UntilAsync(Func<CancellationToken, Task<bool>> probe, CancellationToken cancellationToken)
    {
        while (!await probe(cancellationToken))
        {
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
