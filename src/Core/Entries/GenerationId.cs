using HlsCache.Core.Keys;

namespace HlsCache.Core.Entries;

/// <summary>Names one generation of one key, and with it a container.</summary>
public readonly record struct GenerationId(EntryKey Key, Generation Generation)
{
    /// <summary>The container that holds this generation's blobs.</summary>
    public string ContainerName(string prefix) => $"{prefix}-{Key}-{Generation}";

    public override string ToString() => $"{Key}-{Generation}";
}
