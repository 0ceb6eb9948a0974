namespace HlsCache.Core.Entries;

/// <summary>Where a generation is in its life.</summary>
public enum EntryState
{
    /// <summary>Its row exists; an encoder has not begun.</summary>
    Queued,

    /// <summary>An encoder has claimed it.</summary>
    Encoding,

    /// <summary>Sealed: <c>.complete</c> exists.</summary>
    Complete,

    /// <summary>Given up, with the cause in <see cref="Entry.Error"/>.</summary>
    Failed,

    /// <summary>Being deleted. Nobody may begin to use it.</summary>
    Evicting,
}
