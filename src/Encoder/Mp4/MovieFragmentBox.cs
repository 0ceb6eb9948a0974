using System.Buffers.Binary;
using System.Text;

namespace HlsCache.Encoder.Mp4;

/// <summary>Reads, and renumbers, a <c>moof</c> box (ISO/IEC 14496-12 §8.8).</summary>
public static class MovieFragmentBox
{
    private const int FullBoxHeader = 12;

    /// <summary>The fragment's decode time in ticks and its number of samples.</summary>
    public static (long DecodeTime, int Samples) Read(Box moof)
    {
        long? decodeTime = null;
        var samples = 0;
        foreach (var traf in Children(moof.Data, moof.HeaderSize, moof.Data.Length).Where(b => b.Type == "traf"))
        {
            foreach (var (type, at, _) in Children(moof.Data, traf.At + 8, traf.At + traf.Size))
            {
                var content = moof.Data.AsSpan(at + FullBoxHeader);
                if (type == "tfdt")
                {
                    var wide = moof.Data[at + 8] == 1;
                    decodeTime = wide ? BinaryPrimitives.ReadInt64BigEndian(content) : BinaryPrimitives.ReadUInt32BigEndian(content);
                }
                else if (type == "trun")
                {
                    samples += BinaryPrimitives.ReadInt32BigEndian(content);
                }
            }
        }

        return (decodeTime ?? throw new InvalidDataException("A fragment has no decode time."), samples);
    }

    /// <summary>Writes the sequence number. Each process counts from 1; a player that sees numbers go back takes it for a discontinuity.</summary>
    public static void Renumber(Box moof, int sequence)
    {
        var mfhd = Children(moof.Data, moof.HeaderSize, moof.Data.Length).First(b => b.Type == "mfhd");
        BinaryPrimitives.WriteInt32BigEndian(moof.Data.AsSpan(mfhd.At + FullBoxHeader), sequence);
    }

    private static IEnumerable<(string Type, int At, int Size)> Children(byte[] data, int from, int end)
    {
        for (var at = from; at + 8 <= end;)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(at));
            if (size < 8 || at + size > end)
            {
                throw new InvalidDataException("A box is larger than the one around it.");
            }

            yield return (Encoding.Latin1.GetString(data, at + 4, 4), at, size);
            at += size;
        }
    }
}
