using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HlsCache.Core.Plans;

/// <summary>An exact ratio in lowest terms, as in 24000/1001 frames a second. Written <c>n/d</c>.</summary>
[JsonConverter(typeof(RationalJson))]
public readonly record struct Rational : IComparable<Rational>
{
    public Rational(long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        var divisor = Math.Max(1, Gcd(numerator, denominator));
        (Numerator, Denominator) = (numerator / divisor, denominator / divisor);
    }

    public long Numerator { get; }

    public long Denominator { get; }

    public double Value => (double)Numerator / Denominator;

    /// <summary>Reads <c>n/d</c> or <c>n:d</c>; null for anything else and for a zero or negative part, which is how ffprobe writes "unknown".</summary>
    public static Rational? Parse(string? text)
    {
        var parts = text?.Split('/', ':');
        return parts is { Length: 2 }
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var d)
            && n > 0 && d > 0
                ? new Rational(n, d)
                : null;
    }

    public int CompareTo(Rational other) => ((Int128)Numerator * other.Denominator).CompareTo((Int128)other.Numerator * Denominator);

    public override string ToString() => $"{Numerator}/{Denominator}";

    public static bool operator <(Rational left, Rational right) => left.CompareTo(right) < 0;

    public static bool operator >(Rational left, Rational right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rational left, Rational right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rational left, Rational right) => left.CompareTo(right) >= 0;

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);

    internal sealed class RationalJson : JsonConverter<Rational>
    {
        public override Rational Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.GetString()) ?? throw new JsonException("A ratio is written n/d.");

        public override void Write(Utf8JsonWriter writer, Rational value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
