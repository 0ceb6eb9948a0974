namespace HlsCache.Functions;

/// <summary>Section <c>HlsCache</c>, the part of it that the function app obeys.</summary>
public sealed class HlsCacheOptions
{
    public const string Section = "HlsCache";

    /// <summary>Length of a full segment in seconds.</summary>
    public double SegmentSeconds { get; set; } = 4;

    /// <summary>How long a native player's request for something that does not exist yet is held, in seconds: an encoder's cold start.</summary>
    public int NativeHoldSeconds { get; set; } = 120;

    /// <summary>Signs tokens when set, in base 64, at least 16 bytes; otherwise the instances share a key that they keep in storage.</summary>
    public string? TokenKey { get; set; }

    /// <summary>What callers of the function-key routes must present when no Functions host checks keys.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The token key's bytes; null when none is set or the setting is malformed.</summary>
    public byte[]? TokenSecret()
    {
        var bytes = new byte[TokenKey?.Length ?? 0];
        return Convert.TryFromBase64String(TokenKey ?? "", bytes, out var written) && written >= 16 ? bytes[..written] : null;
    }
}
