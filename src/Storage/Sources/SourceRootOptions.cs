namespace HlsCache.Storage.Sources;

/// <summary>One root of section <c>Sources</c>: where films are, a directory or a container.</summary>
public sealed class SourceRootOptions
{
    /// <summary>A directory on this machine or on a mounted share.</summary>
    public string? Path { get; set; }

    /// <summary>A blob container, in the account of section <c>Storage</c> unless another is named.</summary>
    public string? Container { get; set; }

    /// <summary>The container's account, in which this process's identity may read.</summary>
    public string? AccountName { get; set; }

    /// <summary>Address of that account's blobs where it is not <c>https://&lt;name&gt;.blob.core.windows.net</c>.</summary>
    public string? BlobEndpoint { get; set; }

    /// <summary>The container's account, with its key.</summary>
    public string? ConnectionString { get; set; }

    internal bool HasValidContainer() => ServiceNames.IsValid(Container);
}
