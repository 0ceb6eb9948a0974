namespace HlsCache.Encoder.Tests.Mp4;

/// <summary>Gives its bytes a few at a time, as a pipe may.</summary>
internal sealed class TrickleStream(byte[] bytes, int atOnce = 1) : MemoryStream(bytes)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(atOnce, buffer.Length)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(atOnce, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(atOnce, buffer.Length)], cancellationToken);
}
