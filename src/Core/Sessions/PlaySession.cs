using HlsCache.Core.Keys;

namespace HlsCache.Core.Sessions;

/// <summary>A viewer's session, or one that an instance shares among viewers. While it lives, it pins what they watch.</summary>
/// <param name="Id">16 hex digits.</param>
/// <param name="From">The oldest generation it pins; null pins all.</param>
/// <param name="Own">Whether one viewer holds it and may end it.</param>
/// <param name="PositionSeconds">Where its viewer is in the film.</param>
public sealed record PlaySession(PlayRequest Request, string Id, Generation? From, bool Own, DateTimeOffset Expires, double PositionSeconds = 0)
{
    public EntryKey Key => Request.Key;

    /// <summary>Whether the generation of this key may not be reclaimed because of this session.</summary>
    public bool Pins(Generation generation, DateTimeOffset now) => Expires > now && (From is null || From <= generation);
}
