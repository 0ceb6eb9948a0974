using System.Buffers.Binary;
using System.Text;

namespace HlsCache.Encoder.Tests.Mp4;

/// <summary>Writes boxes for tests.</summary>
internal static class Bytes
{
    public static byte[] Box(string type, params byte[][] content) => [.. Header((uint)(8 + content.Sum(c => c.Length)), type), .. content.SelectMany(c => c)];

    public static byte[] WideBox(string type, byte[] content) => [.. Header(1, type), .. UInt64((ulong)(16 + content.Length)), .. content];

    public static byte[] Header(uint size, string type) => [.. UInt32(size), .. Encoding.Latin1.GetBytes(type)];

    public static byte[] UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] UInt64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>A fragment's header, its decode time in 32 bits.</summary>
    public static byte[] Moof(uint decodeTime, params uint[] samples) => Moof([.. UInt32(0), .. UInt32(decodeTime)], samples);

    /// <summary>The same with a decode time of 64 bits, as ffmpeg writes it.</summary>
    public static byte[] WideMoof(ulong decodeTime, params uint[] samples) => Moof([1, 0, 0, 0, .. UInt64(decodeTime)], samples);

    private static byte[] Moof(byte[] tfdt, uint[] samples) => Box(
        "moof",
        Box("mfhd", UInt32(0), UInt32(1)),
        Box("traf", [Box("tfhd", UInt32(0), UInt32(1)), Box("tfdt", tfdt), .. samples.Select(n => Box("trun", UInt32(0), UInt32(n)))]));
}
