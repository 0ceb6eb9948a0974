namespace HlsCache.Storage;

/// <summary>Section <c>Storage</c>: the account that holds blobs, tables and the Storage queue.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>An Azure Storage connection string; that of Azurite on a developer's machine.</summary>
    public string? ConnectionString { get; set; }
}
