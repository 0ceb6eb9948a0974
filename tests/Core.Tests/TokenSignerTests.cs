using System.Buffers.Text;
using HlsCache.Core.Keys;
using HlsCache.Core.Tokens;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class TokenSignerTests
{
    private static readonly SigningKey Key = new(7, [.. Enumerable.Range(0, 32).Select(n => (byte)n)]);
    private static readonly SigningKey Newer = new(8, [.. Enumerable.Repeat((byte)9, 32)]);
    private static readonly DateTimeOffset Expires = Samples.Now.AddHours(6);
    private static readonly PlayToken Token = new(Samples.Request().Key, "0123456789abcdef", Expires, HoldClass.Page, Own: false);

    private readonly TokenSigner signer = new([Key]);

    [Theory]
    [InlineData(HoldClass.Page, false)]
    [InlineData(HoldClass.Page, true)]
    [InlineData(HoldClass.Native, false)]
    [InlineData(HoldClass.Native, true)]
    public void A_token_is_read_back_whole(HoldClass hold, bool own)
    {
        var token = Token with { Hold = hold, Own = own };
        signer.Verify(signer.Sign(token), Samples.Now).ShouldBe(token);
    }

    [Theory]
    [InlineData("0000000000000000")]
    [InlineData("ffffffffffffffff")]
    public void Any_key_and_session_fit(string digits)
    {
        var token = Token with { Key = EntryKey.Parse(digits).ShouldNotBeNull(), Session = digits };
        signer.Verify(signer.Sign(token), Samples.Now).ShouldBe(token);
    }

    // Tokens stand in URLs that outlive the version that made them.
    [Fact]
    public void A_token_has_this_text() => signer.Sign(Token).ShouldBe("il2kgU4fYlgBI0VniavN72lXigUABy3pFaV3T__L_AwdpCoqv78");

    [Fact]
    public void A_token_is_a_path_segment_of_51_characters()
    {
        var text = signer.Sign(Token);
        text.Length.ShouldBe(51);
        text.ShouldAllBe(c => char.IsAsciiLetterOrDigit(c) || c == '-' || c == '_');
    }

    [Fact]
    public void Every_changed_byte_is_refused()
    {
        var bytes = Base64Url.DecodeFromChars(signer.Sign(Token));
        for (var i = 0; i < bytes.Length; i++)
        {
            for (var bit = 1; bit < 256; bit <<= 1)
            {
                bytes[i] ^= (byte)bit;
                signer.Verify(Base64Url.EncodeToString(bytes), Samples.Now).ShouldBeNull($"byte {i}, bit {bit}");
                bytes[i] ^= (byte)bit;
            }
        }

        signer.Verify(Base64Url.EncodeToString(bytes), Samples.Now).ShouldBe(Token);
    }

    [Fact]
    public void Every_changed_character_is_refused()
    {
        var text = signer.Sign(Token).ToCharArray();
        for (var i = 0; i < text.Length; i++)
        {
            var original = text[i];
            foreach (var other in "ABab019-_=+/. %é\0".Where(c => c != original))
            {
                text[i] = other;
                signer.Verify(new(text), Samples.Now).ShouldBeNull($"character {i} as '{other}'");
            }

            text[i] = original;
        }
    }

    [Fact]
    public void A_token_is_over_at_its_expiry_and_not_before()
    {
        var text = signer.Sign(Token);
        signer.Verify(text, Expires.AddTicks(-1)).ShouldNotBeNull();
        signer.Verify(text, Expires).ShouldBeNull();
        signer.Verify(text, Expires.AddYears(1)).ShouldBeNull();
    }

    [Fact]
    public void A_key_that_is_not_ours_is_refused()
    {
        new TokenSigner([Newer]).Verify(signer.Sign(Token), Samples.Now).ShouldBeNull();
        new TokenSigner([Newer with { Id = Key.Id }]).Verify(signer.Sign(Token), Samples.Now).ShouldBeNull();
    }

    [Fact]
    public void After_a_rotation_old_tokens_live_on_and_the_new_key_signs()
    {
        var rotated = new TokenSigner([Newer, Key]);
        rotated.Verify(signer.Sign(Token), Samples.Now).ShouldBe(Token);
        new TokenSigner([Newer]).Verify(rotated.Sign(Token), Samples.Now).ShouldBe(Token);
        signer.Verify(rotated.Sign(Token), Samples.Now).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not a token")]
    [InlineData("../../../etc/passwd")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] // 51 characters.
    [InlineData("                                                   ")]
    [InlineData("===================================================")]
    [InlineData("%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%")]
    [InlineData("ééééééééééééééééééééééééééééééééééééééééééééééééééé")]
    public void Garbage_is_refused(string text) => signer.Verify(text, Samples.Now).ShouldBeNull();

    [Fact]
    public void A_token_with_anything_added_or_missing_is_refused()
    {
        var text = signer.Sign(Token);
        foreach (var changed in new[] { text[1..], text[..^1], text + "A", "A" + text, text + "=", " " + text, text + "\n", text + text, text + "/" })
        {
            signer.Verify(changed, Samples.Now).ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_text_is_refused(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var text = new string(random.GetItems<char>("ABCDEFabcdef0123456789-_+/= \n\u00e9", random.Next(2) == 0 ? 51 : random.Next(0, 120)));
            signer.Verify(text, Samples.Now).ShouldBeNull(text);
        }
    }

    [Fact]
    public void One_signer_serves_all_requests_at_once() =>
        Parallel.For(0, 2000, n =>
        {
            var token = Token with { Session = n.ToString("x16"), Own = n % 2 == 0 };
            signer.Verify(signer.Sign(token), Samples.Now).ShouldBe(token);
        });

    [Fact]
    public void A_secret_is_never_printed_by_chance() => $"{Key}".ShouldBe("signing key 7");
}
