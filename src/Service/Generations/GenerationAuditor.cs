using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using HlsCache.Core.Sources;
using HlsCache.Service.Plays;

namespace HlsCache.Service.Generations;

/// <summary>Checks every blob of the generation in force, and begins the repair of one that is damaged.</summary>
public sealed partial class GenerationAuditor(
    SourceCatalog sources, IEntryStore entries, ISegmentStore segments, GenerationStarter starter, JobSender jobs, WarmHits warm, ILogger<GenerationAuditor> logger)
{
    /// <returns>Null when the key is unknown.</returns>
    public async Task<Audit?> AuditAsync(EntryKey key, CancellationToken cancellationToken)
    {
        var found = await entries.ReadAsync(key, cancellationToken);
        if (found.Pointer is null)
        {
            return null;
        }

        if (found.Current is not { State: EntryState.Complete } entry)
        {
            return new(0, [], null);
        }

        // Not from memory: the seal itself may be what is damaged.
        var seal = await segments.ReadAsync(entry.Id, BlobNames.Complete, cancellationToken) is { } json ? Manifest.Read(json) : null;
        IReadOnlyList<string> damaged = seal is null
            ? [BlobNames.Complete]
            : [.. Damage.Find(seal, await segments.ListAsync(entry.Id, cancellationToken).ToListAsync(cancellationToken)).Select(b => b.Name)];
        Log.Checked(logger, entry.Id, damaged.Count);
        return new(1 + (seal?.Blobs.Count ?? 0), damaged, damaged.Count == 0 ? null : await RepairAsync(found, entry, cancellationToken));
    }

    private async Task<Generation?> RepairAsync(EntrySnapshot found, Entry entry, CancellationToken cancellationToken)
    {
        // What is being evicted looks damaged, but nobody wants it back.
        if (await entries.FindAsync(entry.Id, cancellationToken) is not { State: EntryState.Complete }
            || await sources.FindAsync(entry.Request.Source, cancellationToken) is not { } source)
        {
            return null;
        }

        warm.Forget(entry.Id.Key);
        // From here on plays may join, so the job is sent whether or not the operator still listens.
        if (await starter.TryStartAsync(entry.Request, source, MissReason.FailedIntegrity, found, CancellationToken.None) is { } begun)
        {
            return (await jobs.SendAsync(begun, CancellationToken.None)).Id.Generation;
        }

        return (await entries.ReadAsync(entry.Id.Key, cancellationToken)).Current is { } other && other.RepairOf == entry.Id.Generation ? other.Id.Generation : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id}: checked for the operator, {Damaged} damaged.")]
        public static partial void Checked(ILogger logger, GenerationId id, int damaged);
    }
}
