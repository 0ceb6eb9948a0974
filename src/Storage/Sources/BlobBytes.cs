using Azure;
using Azure.Storage.Blobs;
using HlsCache.Core.Sources;

namespace HlsCache.Storage.Sources;

/// <summary>One version of a blob.</summary>
internal sealed class BlobBytes(BlobClient blob, ETag tag, Func<Exception, SourceUnavailableException> unavailable) : ISourceBytes
{
    // A read that hangs is to be known before ffmpeg is taken for hung, which is after half a minute at the earliest.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    public async Task<bool> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            // The client goes on where a download broke off, in the same version.
            var download = await blob.DownloadStreamingAsync(new() { Range = new(offset, buffer.Length), Conditions = new() { IfMatch = tag } }, limit.Token);
            await using var content = download.Value.Content;
            await content.ReadExactlyAsync(buffer, limit.Token);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412 or 416)
        {
            return false;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw unavailable(e);
        }
        catch (Exception e) when (e is IOException || StorageFaults.IsUnavailable(e))
        {
            throw unavailable(e);
        }
    }
}
