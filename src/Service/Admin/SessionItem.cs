namespace HlsCache.Service.Admin;

/// <summary>A session that holds the key's generations.</summary>
/// <param name="Own">Whether it is one viewer's; else an instance shares it among viewers.</param>
/// <param name="Expires">Null for the operator's pin, which has no end.</param>
/// <param name="Position">Where its viewer is, in seconds.</param>
public sealed record SessionItem(string Id, bool Own, DateTimeOffset? Expires, double Position);
