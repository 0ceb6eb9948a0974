using HlsCache.Core.Keys;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class EntryKeyTests
{
    [Theory]
    [InlineData("/media/film.mkv", "720p", "0", "8a5da4814e1f6258")]
    [InlineData("/media/film.mkv", "720p", "-1", "bc06c1c818c8e644")]
    [InlineData("/media/film.mkv", "720p", "none", "3499044f52a26697")]
    [InlineData("/media/film.mkv", "audio", "2", "7a7bf5874a3991e9")]
    [InlineData("/media/Größe/日本語 🎬.mkv", "original", "0", "50103b3a3d99c028")]
    [InlineData("/media/%2e%2e/a|b.mkv", "1080p", "1", "aa63292962689692")]
    public void A_key_is_the_head_of_a_hash_of_source_quality_and_audio(string source, string quality, string audio, string key) =>
        Samples.Request(source, quality, audio).Key.ToString().ShouldBe(key);

    [Theory]
    [InlineData("8a5da4814e1f6258", true)]
    [InlineData("8A5DA4814E1F6258", false)]
    [InlineData("8a5da4814e1f625", false)]
    [InlineData("8a5da4814e1f62588", false)]
    [InlineData("8a5da4814e1f625g", false)]
    [InlineData("8a5da4814e1f625٣", false)]
    [InlineData("../../etc/passwd", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_sixteen_lower_case_hex_digits_are_a_key(string? text, bool isKey)
    {
        var value = EntryKey.Parse(text)?.Value;
        value.ShouldBe(isKey ? text : null);
    }

    [Theory]
    [InlineData("8a5da4814e1f6258")]
    [InlineData("0000000000000000")]
    [InlineData("ffffffffffffffff")]
    public void A_key_survives_its_bytes(string text)
    {
        var key = EntryKey.Parse(text).ShouldNotBeNull();
        key.ToBytes().Length.ShouldBe(EntryKey.Bytes);
        EntryKey.FromBytes(key.ToBytes()).ShouldBe(key);
    }
}
