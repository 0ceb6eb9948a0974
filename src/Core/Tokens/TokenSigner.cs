using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace HlsCache.Core.Tokens;

/// <summary>
/// Writes and reads tokens: base64url of key (8 bytes), session (8), expiry in Unix seconds (4), flags (1), signing key's id (1) and the first
/// 16 bytes of HMAC-SHA256 over all that.
/// </summary>
/// <param name="keys">Newest first; the first one signs.</param>
public sealed class TokenSigner(IReadOnlyList<SigningKey> keys)
{
    private const int PayloadBytes = 22;
    private const int MacBytes = 16;
    private const byte OwnFlag = 0x80;

    public string Sign(PlayToken token)
    {
        Span<byte> bytes = stackalloc byte[PayloadBytes + MacBytes];
        token.Key.ToBytes().CopyTo(bytes);
        Convert.FromHexString(token.Session).CopyTo(bytes[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], checked((uint)token.Expires.ToUnixTimeSeconds()));
        bytes[20] = (byte)((byte)token.Hold | (token.Own ? OwnFlag : 0));
        bytes[21] = keys[0].Id;
        Mac(keys[0], bytes[..PayloadBytes], bytes[PayloadBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The token, or null when it is not ours or over: callers cannot tell which.</summary>
    public PlayToken? Verify(string text, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[PayloadBytes + MacBytes];
        if (text.Length != Base64Url.GetEncodedLength(bytes.Length)
            // TryDecodeFromChars throws on a character that is no digit; this form does not.
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != bytes.Length)
        {
            return null;
        }

        Span<byte> mac = stackalloc byte[MacBytes];
        var id = bytes[21];
        if (keys.FirstOrDefault(k => k.Id == id) is not { } key)
        {
            return null;
        }

        Mac(key, bytes[..PayloadBytes], mac);
        var expires = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]));
        return CryptographicOperations.FixedTimeEquals(mac, bytes[PayloadBytes..]) && expires > now
            ? new(Keys.EntryKey.FromBytes(bytes), Convert.ToHexStringLower(bytes[8..16]), expires, (HoldClass)(bytes[20] & ~OwnFlag), (bytes[20] & OwnFlag) != 0)
            : null;
    }

    private static void Mac(SigningKey key, ReadOnlySpan<byte> payload, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, payload, full);
        full[..MacBytes].CopyTo(mac);
    }
}
