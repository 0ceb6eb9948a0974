using HlsCache.Core.Keys;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;

namespace HlsCache.Core.Entries;

/// <summary>The row of one generation.</summary>
public sealed record Entry
{
    public required GenerationId Id { get; init; }

    public required EntryState State { get; init; }

    public required PlayRequest Request { get; init; }

    /// <summary>Identity of the source's bytes when this generation was begun.</summary>
    public required string Stamp { get; init; }

    public required EncodeProfile Profile { get; init; }

    public required MissReason Reason { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset LastAccess { get; init; }

    /// <summary>Counts the messages sent for this generation; part of the message id.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When it was decided to send a message.</summary>
    public DateTimeOffset? EnqueuedAt { get; init; }

    /// <summary>When the queue confirmed that message; null while that is unknown.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Whether <c>plan.json</c> exists, so that the lengths below mean something.</summary>
    public bool Planned { get; init; }

    /// <summary>Video frames, planned or as they came out.</summary>
    public long VideoUnits { get; init; }

    /// <summary>AAC frames, planned or as they came out.</summary>
    public long AudioUnits { get; init; }

    /// <summary>How many video frames there are in truth; null until the encode has come to their end.</summary>
    public long? VideoEnd { get; init; }

    /// <summary>How many AAC frames there are in truth; null until the encode has come to their end.</summary>
    public long? AudioEnd { get; init; }

    public int VideoSegments { get; init; }

    public int AudioSegments { get; init; }

    /// <summary>Length of the film in seconds; 0 until it is planned.</summary>
    public double Seconds { get; init; }

    /// <summary>Bytes of media; final once complete.</summary>
    public long Bytes { get; init; }

    /// <summary>Wall time of the encode in seconds.</summary>
    public double EncodeSeconds { get; init; }

    /// <summary>Attempts in a row that brought no new segment. An attempt counts when it begins, so that a crash counts too.</summary>
    public int Failures { get; init; }

    /// <summary>How many segments existed when the latest attempt began.</summary>
    public int ReadyAtClaim { get; init; }

    /// <summary>Why it failed, for the viewer; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>When it failed for good; null otherwise.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>When its eviction began; null unless it is <see cref="EntryState.Evicting"/>.</summary>
    public DateTimeOffset? EvictingSince { get; init; }

    /// <summary>The damaged generation of the same key from which this one takes what is good; null for one that is encoded from nothing.</summary>
    public Generation? RepairOf { get; init; }

    /// <summary>The store's version of this row, which a conditional write compares; empty for a row that was never stored.</summary>
    public string Version { get; init; } = "";

    public bool IsTerminal => State is EntryState.Complete or EntryState.Failed or EntryState.Evicting;

    /// <summary>How long a rendition is in truth; null until that is known.</summary>
    public long? End(Rendition rendition) => rendition == Rendition.Video ? VideoEnd : AudioEnd;

    /// <summary>The same row once the encode of a rendition has come to its end.</summary>
    public Entry WithEnd(Rendition rendition, long units) => rendition == Rendition.Video ? this with { VideoEnd = units } : this with { AudioEnd = units };

    /// <summary>The same row with the lengths that a plan gives it.</summary>
    public Entry WithLengths(EncodePlan plan) => this with
    {
        VideoUnits = plan.Video?.Units ?? 0,
        AudioUnits = plan.Sound?.Units ?? 0,
        VideoSegments = plan.Find(Rendition.Video)?.Segments ?? 0,
        AudioSegments = plan.Find(Rendition.Audio)?.Segments ?? 0,
        Seconds = plan.Seconds(),
    };

    /// <summary>The row that a sealed generation would have, from its manifest alone; null when that does not describe <paramref name="id"/>.</summary>
    public static Entry? Adopted(GenerationId id, Manifest manifest) =>
        manifest.Plan is { } plan
        && PlayRequest.Parse(plan.Source, plan.Quality, plan.Audio, out _) is { } request && request.Key == id.Key && plan.Generation == id.Generation.Value
            ? new Entry
            {
                Id = id,
                State = EntryState.Complete,
                Request = request,
                Stamp = plan.Stamp,
                Profile = plan.Profile,
                Reason = MissReason.Cold,
                Created = id.Generation.Begun,
                LastAccess = manifest.Sealed,
                Planned = true,
            }.Sealed(manifest, manifest.Sealed)
            : null;

    /// <summary>The same row for a generation whose manifest is written.</summary>
    public Entry Sealed(Manifest manifest, DateTimeOffset now) => WithLengths(manifest.Plan) with
    {
        State = EntryState.Complete,
        Bytes = manifest.Bytes,
        EncodeSeconds = manifest.EncodeSeconds,
        LastAccess = now,
        Failures = 0,
        Error = null,
    };

    /// <summary>The same row for a generation that is given up.</summary>
    /// <param name="reason">For the viewer.</param>
    public Entry Failed(string reason, DateTimeOffset now) => this with { State = EntryState.Failed, Error = reason, FailedAt = now };

    /// <summary>The row of a new generation, whose message is about to be sent.</summary>
    /// <param name="replaced">What the key pointed to; the generation sorts after it.</param>
    public static Entry Begin(PlayRequest request, string stamp, EncodeProfile profile, MissReason reason, EntryPointer? replaced, DateTimeOffset now) => new()
    {
        Id = new(request.Key, Generation.After(replaced?.Generation, now)),
        State = EntryState.Queued,
        Request = request,
        Stamp = stamp,
        Profile = profile,
        Reason = reason,
        Created = now,
        LastAccess = now,
        EnqueuedAt = now,
    };
}
