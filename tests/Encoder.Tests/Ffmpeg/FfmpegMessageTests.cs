using HlsCache.Encoder.Ffmpeg;

namespace HlsCache.Encoder.Tests.Ffmpeg;

public sealed class FfmpegMessageTests
{
    private const string Input = "/srv/secret folder/film.mkv";

    [Theory]
    [InlineData("file:/srv/secret folder/film.mkv: Invalid data found when processing input", "Invalid data found when processing input")]
    [InlineData("[mov,mp4 @ 0x5581] moov atom not found\nfile:/srv/secret folder/film.mkv: Invalid data found when processing input\n", "moov atom not found")]
    [InlineData("[mov,mp4 @ 0x5581] moov atom not found\n    Last message repeated 1 times\nfile:/srv/secret folder/film.mkv: End of file\n", "moov atom not found")]
    [InlineData("[concat @ 0x56] Format not on whitelist 'mov,matroska'\nfile:/srv/secret folder/film.mkv: Invalid argument", "it is a playlist or a script, or of another kind that is not accepted.")]
    [InlineData("file:/srv/secret folder/film.mkv: Invalid argument", "Invalid argument")]
    [InlineData("[matroska,webm @ 0x55] Read error\nfile:/srv/secret folder/film.mkv: Input/output error", "Input/output error")]
    [InlineData("[matroska,webm @ 0x55] File ended prematurely", "File ended prematurely")]
    [InlineData("Error opening input file:/srv/secret folder/film.mkv.", "Error opening input the source.")]
    [InlineData("cannot open /srv/secret folder/film.mkv", "cannot open the source")]
    [InlineData("first\n  \nlast  \n\n", "last")]
    [InlineData("", "it gave no reason.")]
    [InlineData(" \n\t\n", "it gave no reason.")]
    [InlineData("[unclosed bracket", "[unclosed bracket")]
    [InlineData("[h264 @ 0x1] ", "[h264 @ 0x1]")]
    public void The_most_telling_complaint_is_shown_without_where_the_source_is(string errors, string message) => FfmpegMessage.Of(errors, Input).ShouldBe(message);

    [Theory]
    [InlineData("http://127.0.0.1:1234/a-b_c: Invalid data found when processing input", "Invalid data found when processing input")]
    [InlineData("[http @ 0x55] Stream ends prematurely at 5, should be 9\nhttp://127.0.0.1:1234/a-b_c: Input/output error", "Input/output error")]
    [InlineData("Error opening input http://127.0.0.1:1234/a-b_c.", "Error opening input the source.")]
    [InlineData("[in#0 @ 0x55] Error opening input http://127.0.0.1:1234/a-", "Error opening input the source")]
    public void Nor_is_the_address_of_one_that_is_served_on_this_machine(string errors, string message) =>
        FfmpegMessage.Of(errors, "http://127.0.0.1:1234/a-b_c").ShouldBe(message);

    [Theory]
    [InlineData(200)]
    [InlineData(320)]
    [InlineData(900)]
    [InlineData(3000)]
    public void A_path_that_is_cut_off_is_not_shown_either(int length)
    {
        var input = "/srv/" + string.Join('/', Enumerable.Repeat("secret", length / 7)) + "/film.mkv";
        foreach (var line in new[] { $"file:{input}: Invalid data found", $"[in#0 @ 0x5581] Error opening input file:{input}: Invalid data found" })
        {
            var errors = new ErrorTail();
            errors.Add(line);
            var message = FfmpegMessage.Of(errors.ToString(), input);
            message.ShouldNotContain("secret");
            message.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Behind_an_ordinary_long_path_the_reason_is_still_told()
    {
        var input = $"/srv/{new string('a', 250)}/{new string('b', 250)}.mkv";
        var errors = new ErrorTail();
        errors.Add($"file:{input}: Invalid data found when processing input");
        FfmpegMessage.Of(errors.ToString(), input).ShouldBe("Invalid data found when processing input");
    }
}
