using System.Security.Cryptography;
using System.Text;

namespace HlsCache.Core.Keys;

/// <summary>Names what is cached: the first 8 bytes of SHA-256 over <c>source|quality|audio</c>, as 16 lower-case hex digits.</summary>
public readonly record struct EntryKey
{
    public const int Bytes = 8;

    private EntryKey(string value) => Value = value;

    public string Value { get; }

    /// <param name="secret">What makes the key one session's own, or null for the one that all share.</param>
    public static EntryKey Of(SourcePath source, Quality quality, AudioChoice audio, string? secret = null)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret is null ? $"{source}|{quality}|{audio}" : $"{source}|{quality}|{audio}|{secret}"));
        return new(Convert.ToHexStringLower(hash.AsSpan(0, Bytes)));
    }

    /// <summary>The key that <paramref name="value"/> spells, or null when it is not 16 lower-case hex digits.</summary>
    public static EntryKey? Parse(string? value) =>
        value is { Length: Bytes * 2 } && value.All(char.IsAsciiHexDigitLower) ? new(value) : null;

    public static EntryKey FromBytes(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(bytes[..Bytes]));

    public byte[] ToBytes() => Convert.FromHexString(Value);

    public override string ToString() => Value;
}
