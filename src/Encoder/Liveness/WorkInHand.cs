using System.Collections.Concurrent;
using HlsCache.Core.Entries;

namespace HlsCache.Encoder.Liveness;

/// <summary>What this process works on at the moment, and how far it has come.</summary>
public sealed class WorkInHand
{
    private readonly ConcurrentDictionary<Piece, GenerationId> pieces = new();

    /// <summary>Each piece of work, in words.</summary>
    public IReadOnlyList<string> Describe() => [.. pieces.Select(p => $"{p.Value}: {p.Key.Position()}")];

    /// <summary>The work is in hand until the returned piece is disposed.</summary>
    public Piece Begin(GenerationId id)
    {
        var piece = new Piece(this);
        pieces[piece] = id;
        return piece;
    }

    public sealed class Piece(WorkInHand all) : IDisposable
    {
        /// <summary>Says where the work is.</summary>
        public Func<string> Position { get; set; } = () => "looking at the source";

        public void Dispose() => all.pieces.TryRemove(this, out _);
    }
}
