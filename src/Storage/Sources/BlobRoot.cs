using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using HlsCache.Core.Keys;
using HlsCache.Core.Sources;

namespace HlsCache.Storage.Sources;

/// <summary>A container of films. A film's stamp is its ETag.</summary>
internal sealed class BlobRoot(string name, BlobContainerClient container) : ISourceRoot
{
    private const string Role = "the role Storage Blob Data Reader on the container";

    public string Name => name;

    public async Task<SourceFile?> FindAsync(SourcePath path, CancellationToken cancellationToken)
    {
        var blob = container.GetBlobClient(path.Relative);
        try
        {
            BlobProperties found = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
            return IsFolder(found.Metadata) ? null : Film(path, found.ContentLength, found.ETag, blob);
        }
        // Names that no blob can have are 400.
        catch (RequestFailedException e) when (e.IsMissing() || e.IsContainerGone() || e.Status == 400)
        {
            return null;
        }
        catch (Exception e) when (StorageFaults.IsUnavailable(e))
        {
            throw Unavailable(e);
        }
    }

    /// <remarks>The service lists from a prefix, not from a bookmark, and accounts with folders list in an order of their own.</remarks>
    public async IAsyncEnumerable<SourceFile> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var own = $"/{name}/";
        var films = new List<SourceFile>();
        try
        {
            var below = new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = prefix.Length > own.Length ? prefix[own.Length..] : null };
            await foreach (var blob in container.GetBlobsAsync(below, cancellationToken))
            {
                var text = own + blob.Name;
                if (MediaFiles.IsMedia(text) && string.CompareOrdinal(text, after) > 0 && SourcePath.Parse(text, out _) is { } path
                    && blob.Properties is { ContentLength: { } bytes, ETag: { } tag } && !IsFolder(blob.Metadata))
                {
                    films.Add(Film(path, bytes, tag, container.GetBlobClient(blob.Name)));
                }
            }
        }
        catch (RequestFailedException e) when (e.IsContainerGone())
        {
            yield break;
        }
        catch (Exception e) when (StorageFaults.IsUnavailable(e))
        {
            throw Unavailable(e);
        }

        foreach (var film in films.OrderBy(f => f.Path.Value, StringComparer.Ordinal))
        {
            yield return film;
        }
    }

    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        using var once = PatientRetries.Once();
        try
        {
            return await container.ExistsAsync(cancellationToken) ? null : $"The films of {name} cannot be read: there is no container {container.Name}.";
        }
        catch (Exception e)
        {
            return Sentence(e);
        }
    }

    private SourceFile Film(SourcePath path, long bytes, ETag tag, BlobClient blob) =>
        // Listings give tags without the quotes.
        new(path, bytes, tag.ToString("G").Trim('"'), null) { Remote = new BlobBytes(blob, tag, Unavailable) };

    private SourceUnavailableException Unavailable(Exception exception) => new(Sentence(exception), exception);

    private string Sentence(Exception exception) => $"The films of {name} cannot be read: {StorageFaults.Explain(exception, Role)}";

    // How accounts with folders mark them.
    private static bool IsFolder(IDictionary<string, string>? metadata) => metadata is not null && metadata.ContainsKey("hdi_isfolder");
}
