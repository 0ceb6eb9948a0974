using HlsCache.Service.Plays;

namespace HlsCache.Functions.Plays;

/// <summary>What <c>POST /api/play</c> answers.</summary>
/// <param name="State"><c>hit</c>, <c>encoding</c> or <c>queued</c>.</param>
/// <param name="Reason">Why there was nothing to serve when this generation began, as in <c>source-changed</c>.</param>
/// <param name="Master">URL of the master playlist; it needs no key.</param>
/// <param name="Expires">When the links end.</param>
/// <param name="Blobs">On a hit: where the blobs are.</param>
internal sealed record PlayAnswer(
    string Key,
    string Generation,
    string State,
    string Reason,
    string Session,
    string Master,
    Progress Progress,
    DateTimeOffset Expires,
    BlobAccess? Blobs)
{
    public static PlayAnswer Of(PlayOutcome.Playing playing, string master)
    {
        var hit = playing as PlayOutcome.Hit;
        var miss = playing as PlayOutcome.Miss;
        return new(
            playing.Id.Key.Value,
            playing.Id.Generation.Value,
            hit is not null ? "hit" : miss!.IsQueued ? "queued" : "encoding",
            playing.Reason.Kebab(),
            playing.Session.Id,
            master,
            miss?.Progress ?? hit!.Progress,
            playing.Expires,
            hit?.Blobs);
    }
}
