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

    private const int MostAhead = 3;
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
            return (await FindAsync(index)).AsMemory((int)(offset % BlockBytes));
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

    private async Task<byte[]> FindAsync(long index)
    {
        var (fetch, isAhead) = Find(index);
        try
        {
            return await fetch;
        }
        catch (SourceUnavailableException) when (isAhead)
        {
            // That nobody needed it yet is no reason to give up the film.
            return await Find(index).Fetch;
        }
    }

    private (Task<byte[]> Fetch, bool IsAhead) Find(long index)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stop.IsCancellationRequested, this);
            // The longer it reads on, the more it is trusted to: a look into the middle costs little.
            var run = Enumerable.Range(1, 2 * MostAhead).TakeWhile(i => blocks.ContainsKey(index - i)).Count();
            var isAhead = blocks.TryGetValue(index, out var known) && known.IsAhead;
            var fetch = Touch(index, isAhead: false);
            for (var next = index + 1; next <= index + (run / 2) && next * BlockBytes < Length; next++)
            {
                _ = Touch(next, isAhead: true);
            }

            while (blocks.Count > Kept)
            {
                blocks.Remove(blocks.MinBy(b => b.Value.Used).Key);
            }

            return (fetch, isAhead);
        }
    }

    private Task<byte[]> Touch(long index, bool isAhead)
    {
        var fetch = blocks.TryGetValue(index, out var known) && !known.Fetch.IsFaulted ? known.Fetch : FetchAsync(index, stop.Token);
        blocks[index] = new(fetch, ++clock, isAhead);
        return fetch;
    }

    private async Task<byte[]> FetchAsync(long index, CancellationToken cancellationToken)
    {
        await Task.Yield(); // The gate is held here.
        var block = GC.AllocateUninitializedArray<byte>((int)Math.Min(BlockBytes, Length - (index * BlockBytes)));
        return await source.Remote!.ReadAsync(index * BlockBytes, block, cancellationToken) ? block : throw new EncodeException(Sealer.Replaced) { IsFinal = true };
    }

    private readonly record struct Block(Task<byte[]> Fetch, long Used, bool IsAhead);
}
