namespace HlsCache.Core.Tokens;

/// <summary>How long a request for something that does not exist yet is held open.</summary>
public enum HoldClass : byte
{
    /// <summary>Briefly: the player asks again by itself.</summary>
    Page,

    /// <summary>As long as an encoder may need to start: native players give up on a 503.</summary>
    Native,
}
