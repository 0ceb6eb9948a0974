using Azure.Storage.Blobs;

namespace HlsCache.Storage;

/// <summary>Section <c>Storage</c>: the account that holds blobs, tables and the Storage queue.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>An Azure Storage connection string; that of Azurite on a developer's machine.</summary>
    public string? ConnectionString { get; set; }

    public bool HasValidConnectionString()
    {
        try
        {
            _ = new BlobServiceClient(ConnectionString);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return false;
        }
    }
}
