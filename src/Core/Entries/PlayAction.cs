namespace HlsCache.Core.Entries;

/// <summary>What a play does with what it found.</summary>
public enum PlayAction
{
    /// <summary>Serve the sealed generation.</summary>
    Hit,

    /// <summary>Share the encode that is queued or running.</summary>
    Join,

    /// <summary>Tell the viewer why it failed.</summary>
    Fail,

    /// <summary>Begin a new generation.</summary>
    Start,
}
