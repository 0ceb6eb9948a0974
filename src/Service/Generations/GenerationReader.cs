using System.Collections.Concurrent;
using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Work;

namespace HlsCache.Service.Generations;

/// <summary>Puts together what rows and documents say of a generation.</summary>
public sealed class GenerationReader(IEntryStore entries, IWorkStore work, GenerationCache cache, TimeProvider time)
{
    // How late the end of a sealed generation may be noticed here.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);
    // Three beats of a worker. One that has missed them is taken for dead: what it made stays, its speed does not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int PruneAbove = 10_000;

    private readonly ConcurrentDictionary<GenerationId, (GenerationView View, DateTimeOffset Until)> sealedViews = new();

    /// <summary>The generation as it is now, or null when it is gone.</summary>
    public async Task<GenerationView?> ReadAsync(GenerationId id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (sealedViews.TryGetValue(id, out var known) && known.Until > now)
        {
            return known.View;
        }

        var view = await LookAsync(id, cancellationToken);
        if (view is { IsSealed: true })
        {
            Remember(view, now);
        }

        return view;
    }

    private async Task<GenerationView?> LookAsync(GenerationId id, CancellationToken cancellationToken)
    {
        var reports = work.ReadAsync(id, cancellationToken);
        var row = entries.FindAsync(id, cancellationToken);
        // Both, whatever comes of either: a failure that nobody awaits would be lost.
        await Task.WhenAll(row, reports);
        return await row is { } entry ? await ViewAsync(entry, await reports, cancellationToken) : null;
    }

    private async Task<GenerationView?> ViewAsync(Entry entry, IReadOnlyList<WorkReport> reports, CancellationToken cancellationToken)
    {
        if (entry.State == EntryState.Complete)
        {
            return await cache.ManifestAsync(entry.Id, cancellationToken) is { } manifest ? GenerationView.Sealed(entry.Id, manifest) : null;
        }

        if (entry.State == EntryState.Evicting)
        {
            // Not gone before its row is: an eviction that meets a live session backs out.
            return new(entry.Id, Plan: null, ReadySet.Empty, Speed: 0, IsSealed: false, Error: null);
        }

        var plan = entry.Planned ? await cache.PlanAsync(entry.Id, cancellationToken) : null;
        return new(
            entry.Id,
            plan is null ? null : Corrected(plan, entry),
            reports.Aggregate(ReadySet.Empty, (all, report) => all.Union(report.Ready)),
            reports.Where(r => r.Heartbeat + Patience >= time.GetUtcNow()).Sum(r => r.Speed),
            IsSealed: false,
            entry.State == EntryState.Failed ? entry.Error ?? "The encode failed." : null)
        {
            IsQueued = entry.State == EntryState.Queued,
        };
    }

    private void Remember(GenerationView view, DateTimeOffset now)
    {
        if (sealedViews.Count > PruneAbove)
        {
            foreach (var old in sealedViews.Where(v => v.Value.Until <= now))
            {
                sealedViews.TryRemove(old);
            }
        }

        sealedViews[view.Id] = (view, now + Memory);
    }

    private static EncodePlan Corrected(EncodePlan plan, Entry entry)
    {
        plan = plan.Video is null ? plan : plan.WithUnits(Rendition.Video, entry.VideoUnits);
        return plan.Sound is null ? plan : plan.WithUnits(Rendition.Audio, entry.AudioUnits);
    }
}
