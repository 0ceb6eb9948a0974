using HlsCache.Core.Keys;

namespace HlsCache.Core.Tokens;

/// <summary>What a viewer's URL carries: the right to play one key until an instant, under a session.</summary>
/// <param name="Own">Whether the session is the viewer's own, so that it may be over before its time.</param>
public readonly record struct PlayToken(EntryKey Key, string Session, DateTimeOffset Expires, HoldClass Hold, bool Own);
