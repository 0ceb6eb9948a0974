using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Plans;
using HlsCache.Core.Sources;
using Microsoft.Extensions.Options;

namespace HlsCache.Service.Plays;

/// <summary>Begins generations, with the settings of today.</summary>
public sealed class GenerationStarter(IEntryStore entries, IOptions<HlsCacheOptions> options, IOptions<EncodeOptions> encode, TimeProvider time)
{
    /// <summary>What new generations are encoded with.</summary>
    public EncodeProfile Profile { get; } = encode.Value.Profile(options.Value.SegmentSeconds);

    /// <summary>Puts a new generation in the place of what was found; null when another was quicker. Whoever gets the row sends its job.</summary>
    /// <param name="reason">Of a generation that failed its check, the new one takes what is good.</param>
    public Task<Entry?> TryStartAsync(PlayRequest request, SourceFile source, MissReason reason, EntrySnapshot found, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var entry = Entry.Begin(request, source.Stamp, Profile, PlayPolicy.Refine(found, reason), found.Pointer, now) with
        {
            RepairOf = reason == MissReason.FailedIntegrity ? found.Current?.Id.Generation : null,
        };
        return entries.TryStartAsync(entry, found.Pointer, cancellationToken);
    }
}
