using System.Runtime.CompilerServices;
using HlsCache.Core.Keys;
using HlsCache.Core.Sources;

namespace HlsCache.Encoder.Tests.Stage;

/// <summary>The films of a folder as if they were elsewhere: what is read of them is seen, and may fail.</summary>
internal sealed class RemoteRoot(string folder) : ISourceRoot
{
    private readonly FileRoot files = new("media", folder);
    private long read;
    private int reads;

    public string Name => "media";

    /// <summary>Runs before a read at an offset; false when the film is no longer what it was.</summary>
    public Func<long, CancellationToken, Task<bool>> Before { get; set; } = (_, _) => Task.FromResult(true);

    /// <summary>Bytes that were read.</summary>
    public long Read => Interlocked.Read(ref read);

    public int Reads => Volatile.Read(ref reads);

    public async Task<SourceFile?> FindAsync(SourcePath path, CancellationToken cancellationToken) => Remote(await files.FindAsync(path, cancellationToken));

    public async IAsyncEnumerable<SourceFile> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in files.ListAsync(prefix, after, cancellationToken))
        {
            yield return Remote(file)!;
        }
    }

    public Task<string?> CheckAsync(CancellationToken cancellationToken) => files.CheckAsync(cancellationToken);

    private SourceFile? Remote(SourceFile? file) => file is null ? null : file with { Input = null, Remote = new Bytes(this, file.Input!) };

    private sealed class Bytes(RemoteRoot root, string file) : ISourceBytes
    {
        public async Task<bool> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref root.reads);
            if (!await root.Before(offset, cancellationToken))
            {
                return false;
            }

            await using var stream = File.OpenRead(file);
            stream.Position = offset;
            await stream.ReadExactlyAsync(buffer, cancellationToken);
            Interlocked.Add(ref root.read, buffer.Length);
            return true;
        }
    }
}
