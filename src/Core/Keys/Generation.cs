using System.Security.Cryptography;

namespace HlsCache.Core.Keys;

/// <summary>
/// One encode of a key: 16 characters of base 32, nine of time in milliseconds and seven at random, so that later ones sort after earlier ones and
/// no two begun at one instant are the same. It names the container and stands in every media URL, so bytes of two encodes never mix.
/// </summary>
public readonly record struct Generation : IComparable<Generation>
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";
    private const int TimeDigits = 9;
    private const int Length = 16;

    /// <summary>Sorts before all that were ever made.</summary>
    public static readonly Generation First = new(new string(Digits[0], Length));

    private Generation(string value) => Value = value;

    public string Value { get; }

    /// <summary>When it was begun, by the clock of the machine that began it, or later.</summary>
    public DateTimeOffset Begun => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);

    /// <summary>A new generation that sorts after <paramref name="predecessor"/> even when this machine's clock is behind.</summary>
    public static Generation After(Generation? predecessor, DateTimeOffset now)
    {
        var time = Math.Max(now.ToUnixTimeMilliseconds(), predecessor is { } p ? p.Milliseconds + 1 : 0);
        return new(string.Create(Length, time, static (span, time) =>
        {
            for (var i = TimeDigits - 1; i >= 0; i--, time >>= 5)
            {
                span[i] = Digits[(int)(time & 31)];
            }

            RandomNumberGenerator.GetItems<char>(Digits, span[TimeDigits..]);
        }));
    }

    public static Generation? Parse(string? value) =>
        value is { Length: Length } && value.All(c => Digits.Contains(c, StringComparison.Ordinal)) ? new(value) : null;

    public int CompareTo(Generation other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    private long Milliseconds => Value.AsSpan(0, TimeDigits).ToArray().Aggregate(0L, (t, c) => (t << 5) | (long)Digits.IndexOf(c, StringComparison.Ordinal));

    public static bool operator <(Generation left, Generation right) => left.CompareTo(right) < 0;

    public static bool operator >(Generation left, Generation right) => left.CompareTo(right) > 0;

    public static bool operator <=(Generation left, Generation right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Generation left, Generation right) => left.CompareTo(right) >= 0;
}
