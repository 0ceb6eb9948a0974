using System.Collections.Concurrent;
using HlsCache.Core.Entries;

namespace HlsCache.Service.Generations;

/// <summary>Lets requests wait for something to exist. All that wait for one generation share one poll.</summary>
public sealed class GenerationWatch(GenerationReader reader, TimeProvider time)
{
    // Short enough not to be noticed before the first frame, long enough for a hundred waiting films to be cheap.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<GenerationId, Lazy<Task<GenerationView?>>> polls = new();

    /// <summary>
    /// The first view in which <paramref name="until"/> holds, or the last one when <paramref name="hold"/> is over; null when the generation is gone.
    /// </summary>
    public async Task<GenerationView?> WaitAsync(GenerationId id, Func<GenerationView, bool> until, TimeSpan hold, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var view = await reader.ReadAsync(id, cancellationToken);
        while (view is not null && !until(view) && time.GetElapsedTime(begun) < hold)
        {
            view = await NextAsync(id).WaitAsync(cancellationToken);
        }

        return view;
    }

    /// <summary>The view of the next poll, which all share who ask before it begins to read.</summary>
    private Task<GenerationView?> NextAsync(GenerationId id) => polls.GetOrAdd(id, _ => new(() => PollAsync(id))).Value;

    private async Task<GenerationView?> PollAsync(GenerationId id)
    {
        await Task.Delay(Interval, time);
        polls.TryRemove(id, out _);
        return await reader.ReadAsync(id, CancellationToken.None);
    }
}
