namespace HlsCache.Core.Sessions;

/// <summary>How long sessions live. A VOD playlist is never read again, so they, and the signatures in playlists, must outlive the film.</summary>
public static class SessionLifetime
{
    /// <summary>What clocks may differ by; a signature ends this long before its session.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Least = TimeSpan.FromHours(6);
    private static readonly TimeSpan BeforePlan = TimeSpan.FromHours(24);

    /// <summary>After this long, every session that existed has ended: the operator's pins aside.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(2 * 48 * 1.25);

    /// <summary>The life that an answer must promise for a film of <paramref name="seconds"/>; null or 0 while the length is unknown.</summary>
    public static TimeSpan Needed(double? seconds) => seconds is > 0
        ? TimeSpan.FromSeconds(Math.Max(2 * seconds.Value, Least.TotalSeconds))
        : BeforePlan;

    /// <summary>The life that a session is given: a quarter more, so that a shared one is not renewed at every play.</summary>
    public static TimeSpan Granted(TimeSpan needed) => needed + (needed / 4);
}
