namespace HlsCache.Core.Tokens;

/// <summary>A key that tokens are signed with.</summary>
/// <param name="Id">Stands in the token, so that a key may be replaced while tokens of the one before live on.</param>
/// <param name="Secret">At least 16 bytes.</param>
public sealed record SigningKey(byte Id, byte[] Secret)
{
    public override string ToString() => $"signing key {Id}";
}
