using HlsCache.Core.Keys;

namespace HlsCache.Core.Sessions;

/// <summary>A viewer's session, or one that an instance shares among viewers. While it lives, it pins what they watch.</summary>
/// <param name="Request">What is watched; null when a newer version wrote it in a form that this one cannot read, which pins none the less.</param>
/// <param name="Id">16 hex digits.</param>
/// <param name="From">The oldest generation it pins; null pins all.</param>
/// <param name="Own">Whether one viewer holds it and may end it.</param>
/// <param name="PositionSeconds">Where its viewer is in the film.</param>
public sealed record PlaySession(EntryKey Key, PlayRequest? Request, string Id, Generation? From, bool Own, DateTimeOffset Expires, double PositionSeconds = 0)
{
    public PlaySession(PlayRequest request, string id, Generation? from, bool own, DateTimeOffset expires, double positionSeconds = 0)
        : this(request.Key, request, id, from, own, expires, positionSeconds)
    {
    }

    /// <summary>Whether the generation of this key may not be reclaimed because of this session.</summary>
    public bool Pins(Generation generation, DateTimeOffset now) => Expires > now && (From is null || From <= generation);
}
