using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace HlsCache.Encoder.Mp4;

/// <summary>Cuts a byte stream into boxes.</summary>
public static class BoxReader
{
    // A fragment is a few seconds of film; anything near this is not one.
    private const long MostBytes = 1 << 30;

    /// <summary>The boxes up to the end of the stream. A box that the end cuts short is dropped: its writer died.</summary>
    /// <exception cref="InvalidDataException">A size cannot be right.</exception>
    public static async IAsyncEnumerable<Box> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var header = new byte[16];
        while (await FillAsync(stream, header.AsMemory(0, 8), cancellationToken))
        {
            var headerSize = 8;
            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size == 1)
            {
                if (!await FillAsync(stream, header.AsMemory(8, 8), cancellationToken))
                {
                    yield break;
                }

                headerSize = 16;
                size = BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(8));
            }

            var type = Encoding.Latin1.GetString(header, 4, 4);
            // Only the short size may say "to the end".
            if (size == 0 && headerSize == 8)
            {
                yield return new(type, await ToEndAsync(stream, header.AsMemory(0, headerSize), cancellationToken), headerSize);
                yield break;
            }

            if (size < headerSize || size > MostBytes)
            {
                throw new InvalidDataException($"A box '{type}' says that it has {size} bytes.");
            }

            var data = GC.AllocateUninitializedArray<byte>((int)size);
            header.AsSpan(0, headerSize).CopyTo(data);
            if (!await FillAsync(stream, data.AsMemory(headerSize), cancellationToken))
            {
                yield break;
            }

            yield return new(type, data, headerSize);
        }
    }

    private static async Task<bool> FillAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) == buffer.Length;

    private static async Task<byte[]> ToEndAsync(Stream stream, ReadOnlyMemory<byte> header, CancellationToken cancellationToken)
    {
        using var data = new MemoryStream();
        await data.WriteAsync(header, cancellationToken);
        await stream.CopyToAsync(data, cancellationToken);
        return data.ToArray();
    }
}
