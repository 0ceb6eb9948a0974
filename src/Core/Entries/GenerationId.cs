using HlsCache.Core.Keys;

namespace HlsCache.Core.Entries;

/// <summary>Names one generation of one key, and with it a container.</summary>
public readonly record struct GenerationId(EntryKey Key, Generation Generation)
{
    /// <summary>The container that holds this generation's blobs.</summary>
    public string ContainerName(string prefix) => $"{prefix}-{Key}-{Generation}";

    /// <summary>Reads a container's name; null for one that no generation of this prefix has.</summary>
    public static GenerationId? Parse(string prefix, string containerName) =>
        containerName.StartsWith(prefix, StringComparison.Ordinal)
        && containerName[prefix.Length..].Split('-') is ["", var key, var generation]
        && EntryKey.Parse(key) is { } k && Generation.Parse(generation) is { } g
            ? new GenerationId(k, g)
            : null;

    public override string ToString() => $"{Key}-{Generation}";
}
