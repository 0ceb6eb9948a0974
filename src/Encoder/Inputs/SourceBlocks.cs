using System.Runtime.ExceptionServices;
using HlsCache.Core.Sources;
using HlsCache.Encoder.Renditions;

namespace HlsCache.Encoder.Inputs;

/// <summary>
/// A remote film in blocks, as one ffmpeg needs them: some are kept, since it goes back and forth between picture and sound, and where it reads on and
/// on, the next ones are fetched beforehand.
/// </summary>
internal sealed class SourceBlocks(SourceFile source) : IDisposable
{
    /// <summary>Small enough that a look into the film's middle costs little, large enough that a request's way there and back does not count.</summary>
    public const int BlockBytes = 1 << 20;

    private const int Ahead = 3;
    private const int Kept = 12;

    private readonly Lock gate = new();
    private readonly Dictionary<long, Block> blocks = [];
    private readonly CancellationTokenSource stop = new();
    private ExceptionDispatchInfo? fault;
    private long clock;

    public long Length => source.Bytes;

    /// <summary>What is at <paramref name="offset"/> and behind it, to the end of the block.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(long offset)
    {
        var index = offset / BlockBytes;
        try
        {
            return (await Find(index)).AsMemory((int)(offset % BlockBytes));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            fault ??= ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }

    /// <summary>Throws what kept a block from being read that was asked for.</summary>
    public void ThrowIfBroken() => fault?.Throw();

    public bool IsBroken => fault is not null;

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    private Task<byte[]> Find(long index)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stop.IsCancellationRequested, this);
            var isSequential = blocks.ContainsKey(index - 1);
            var found = Touch(index);
            for (var next = index + 1; isSequential && next <= index + Ahead && next * BlockBytes < Length; next++)
            {
                _ = Touch(next);
            }

            while (blocks.Count > Kept)
            {
                blocks.Remove(blocks.MinBy(b => b.Value.Used).Key);
            }

            return found;
        }
    }

    private Task<byte[]> Touch(long index)
    {
        // What was fetched in vain beforehand may be there by now.
        var fetch = blocks.TryGetValue(index, out var known) && !known.Fetch.IsFaulted ? known.Fetch : FetchAsync(index, stop.Token);
        blocks[index] = new(fetch, ++clock);
        return fetch;
    }

    private async Task<byte[]> FetchAsync(long index, CancellationToken cancellationToken)
    {
        await Task.Yield(); // The gate is held here.
        var block = GC.AllocateUninitializedArray<byte>((int)Math.Min(BlockBytes, Length - (index * BlockBytes)));
        return await source.Remote!.ReadAsync(index * BlockBytes, block, cancellationToken) ? block : throw new EncodeException(Sealer.Replaced) { IsFinal = true };
    }

    private readonly record struct Block(Task<byte[]> Fetch, long Used);
}
