namespace HlsCache.Service;

/// <summary>Section <c>HlsCache</c>, the part of it that the function app obeys.</summary>
public sealed class HlsCacheOptions
{
    public const string Section = "HlsCache";

    private const double BytesPerGb = 1024 * 1024 * 1024;

    /// <summary>Whether films are kept for later viewers; otherwise an entry is private to its session and deleted at its end.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>What the cache may hold, in GB of 1024³ bytes. Less than 1 is raised to 1.</summary>
    public double SizeGb { get; set; } = 5;

    /// <summary>How long something must have been left alone, in minutes, before it is taken for an orphan.</summary>
    public int OrphanMinutes { get; set; } = 10;

    /// <summary>How many encodes may be queued or running, about, before new films are refused for a while.</summary>
    public int MaxQueuedEncodes { get; set; } = 100;

    /// <summary>Length of a full segment in seconds.</summary>
    public double SegmentSeconds { get; set; } = 4;

    /// <summary>How long a native player's request for something that does not exist yet is held, in seconds: an encoder's cold start.</summary>
    public int NativeHoldSeconds { get; set; } = 120;

    /// <summary>Signs tokens when set, in base 64, at least 16 bytes; otherwise the instances share a key that they keep in storage.</summary>
    public string? TokenKey { get; set; }

    /// <summary>What callers of the function-key routes must present when no Functions host checks keys.</summary>
    public string? ApiKey { get; set; }

    /// <summary>What callers of the admin routes must present; never the function key, nor a key of the Functions host.</summary>
    public string? AdminKey { get; set; }

    /// <summary><see cref="SizeGb"/> in bytes.</summary>
    public long BudgetBytes() => (long)(SizeGb * BytesPerGb);

    /// <summary>The token key's bytes; null when none is set or the setting is malformed.</summary>
    public byte[]? TokenSecret()
    {
        var bytes = new byte[TokenKey?.Length ?? 0];
        return Convert.TryFromBase64String(TokenKey ?? "", bytes, out var written) && written >= 16 ? bytes[..written] : null;
    }
}
