using HlsCache.Core.Keys;

namespace HlsCache.Core.Tests;

public sealed class SourcePathTests
{
    private const string Segment = "The source contains an empty, '.' or '..' segment.";
    private const string Characters = "The source contains control characters or broken Unicode.";
    private const string Backslash = "The source contains a backslash; paths are written with /.";
    private const string Slash = "The source must start with / and the name of a root, as in /media/film.mkv.";
    private const string Missing = "The source is missing: name a film as /root/path.";
    private const string RootOnly = "The source names a root but no file in it.";

    [Theory]
    [InlineData("/media/film.mkv", "media", "film.mkv")]
    [InlineData("/media/a/b/c.mkv", "media", "a/b/c.mkv")]
    [InlineData("/m/x", "m", "x")]
    [InlineData("/media/.hidden/..film..mkv", "media", ".hidden/..film..mkv")]
    [InlineData("/media/...", "media", "...")]
    [InlineData("/media/ a film .mkv", "media", " a film .mkv")]
    [InlineData("/media/日本語 🎬.mkv", "media", "日本語 🎬.mkv")]
    [InlineData("/media/a|b:c*d\"e'f<g>h&i=j+k;l,m@n!o$p.mkv", "media", "a|b:c*d\"e'f<g>h&i=j+k;l,m@n!o$p.mkv")]
    public void A_path_in_normal_form_is_taken_as_it_is(string text, string root, string relative)
    {
        var path = SourcePath.Parse(text, out var error).ShouldNotBeNull();
        error.ShouldBeNull();
        (path.Value, path.ToString(), path.Root, path.Relative).ShouldBe((text, text, root, relative));
    }

    // Decoding is the web server's business; a second time would turn names into other names.
    [Theory]
    [InlineData("/media/%2e%2e/film.mkv")]
    [InlineData("/media/%2Fetc%2Fpasswd")]
    [InlineData("/media/a%00b.mkv")]
    [InlineData("/media/100%.mkv")]
    public void Percent_signs_are_literal(string text) => SourcePath.Parse(text, out _).ShouldNotBeNull().Value.ShouldBe(text);

    [Theory]
    [InlineData(null, Missing)]
    [InlineData("", Missing)]
    [InlineData("media/film.mkv", Slash)]
    [InlineData("film.mkv", Slash)]
    [InlineData("http://host/film.mkv", Slash)]
    [InlineData("file:///etc/passwd", Slash)]
    [InlineData(" /media/film.mkv", Slash)]
    [InlineData("/", Segment)]
    [InlineData("//", Segment)]
    [InlineData("//media/film.mkv", Segment)]
    [InlineData("/media//film.mkv", Segment)]
    [InlineData("/media/", Segment)]
    [InlineData("/media/folder/", Segment)]
    [InlineData("/./media/film.mkv", Segment)]
    [InlineData("/media/./film.mkv", Segment)]
    [InlineData("/media/.", Segment)]
    [InlineData("/media/..", Segment)]
    [InlineData("/media/../etc/passwd", Segment)]
    [InlineData("/../etc/passwd", Segment)]
    [InlineData("/media/a/../../b", Segment)]
    [InlineData("/media", RootOnly)]
    [InlineData("/media/a\\b.mkv", Backslash)]
    [InlineData("\\media\\film.mkv", Backslash)]
    [InlineData("/media/..\\film.mkv", Backslash)]
    [InlineData("/media/a\0b.mkv", Characters)]
    [InlineData("/media/a\nb.mkv", Characters)]
    [InlineData("/media/a\tb.mkv", Characters)]
    [InlineData("/media/a\u001fb.mkv", Characters)]
    [InlineData("/media/a\u007fb.mkv", Characters)]
    [InlineData("/media/a\u0085b.mkv", Characters)]
    public void Anything_else_is_refused_with_its_fault(string? text, string fault)
    {
        SourcePath.Parse(text, out var error).ShouldBeNull();
        error.ShouldBe(fault);
    }

    // Not as InlineData: broken surrogates do not survive in attributes.
    [Fact]
    public void Broken_surrogates_are_refused()
    {
        foreach (var broken in new[] { "\ud83c", "\udfac", "\udfac\ud83c", "\ud83c\ud83c\udfac", "\ud83cx", "x\udfac\udfac" })
        {
            SourcePath.Parse($"/media/{broken}.mkv", out var error).ShouldBeNull();
            error.ShouldBe(Characters);
            SourcePath.Parse($"/media/{broken}", out _).ShouldBeNull();
        }
    }

    [Fact]
    public void A_path_may_be_as_long_as_allowed_and_no_longer()
    {
        var longest = "/media/" + new string('a', SourcePath.MaxLength - 7);
        SourcePath.Parse(longest, out _).ShouldNotBeNull().Value.ShouldBe(longest);
        SourcePath.Parse(longest + "a", out var error).ShouldBeNull();
        error.ShouldBe("The source is 1025 characters long; 1024 are allowed.");
        SourcePath.Parse("/media/" + new string('a', 4096), out _).ShouldBeNull();
    }
}
