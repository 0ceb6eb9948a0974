using HlsCache.Encoder.Ffmpeg;

namespace HlsCache.Encoder.Tests.Ffmpeg;

public sealed class FfmpegFaultTests
{
    [Theory]
    // As ffmpeg 5.1 says it.
    [InlineData(1, "file:/f.mp4: Input/output error", true)]
    [InlineData(0, "[mov,mp4 @ 0x1] stream 1, offset 0x1b78bc: partial file\nfile:/f.mp4: Input/output error", true)]
    [InlineData(0, "[matroska,webm @ 0x1] Read error", true)]
    [InlineData(1, "file:/f.mp4: Permission denied", true)]
    [InlineData(1, "file:/f.mp4: No such file or directory", true)]
    [InlineData(1, "file:/f.mp4: Stale file handle", true)]
    [InlineData(137, "", true)]
    [InlineData(143, "[matroska,webm @ 0x1] File ended prematurely", true)]
    [InlineData(255, "", true)]
    [InlineData(1, "", true)]
    [InlineData(0, "", false)]
    [InlineData(0, "[matroska,webm @ 0x1] File ended prematurely", false)]
    [InlineData(0, "[mov,mp4 @ 0x1] stream 0, offset 0x1b7a2c: partial file", false)]
    [InlineData(1, "[mov,mp4 @ 0x1] moov atom not found\nfile:/f.mp4: Invalid data found when processing input", false)]
    [InlineData(1, "[concat @ 0x1] Format not on whitelist 'mov'\nfile:/f.mp4: Invalid argument", false)]
    public void A_fault_of_the_surroundings_is_told_from_one_of_the_film(int code, string errors, bool passing) =>
        FfmpegFault.IsPassing(new(code, errors), "/f.mp4").ShouldBe(passing);

    [Fact]
    public void What_the_film_is_called_is_no_complaint() =>
        FfmpegFault.IsPassing(new(1, "file:/Permission denied.mp4: Invalid data found when processing input"), "/Permission denied.mp4").ShouldBeFalse();
}
