using HlsCache.Core.Plans;
using HlsCache.Core.Segments;

namespace HlsCache.Core.Tests;

public sealed class BlobNamesTests
{
    [Fact]
    public void Names_are_those_that_players_and_storage_know()
    {
        BlobNames.Init(Rendition.Video).ShouldBe("video/init.mp4");
        BlobNames.Init(Rendition.Audio).ShouldBe("audio/init.mp4");
        BlobNames.Segment(Rendition.Video, 0).ShouldBe("video/seg-0.m4s");
        BlobNames.Segment(Rendition.Audio, 1234).ShouldBe("audio/seg-1234.m4s");
        BlobNames.Subtitle(3).ShouldBe("subs/3/seg-0.vtt");
        (BlobNames.Plan, BlobNames.Complete, BlobNames.Writer).ShouldBe(("plan.json", ".complete", ".writer"));
    }

    [Theory]
    [InlineData("video/seg-0.m4s", 0)]
    [InlineData("video/seg-10.m4s", 10)]
    [InlineData("video/seg-2147483647.m4s", int.MaxValue)]
    [InlineData("video/seg-2147483648.m4s", null)]
    [InlineData("video/seg-.m4s", null)]
    [InlineData("video/seg--1.m4s", null)]
    [InlineData("video/seg-+1.m4s", null)]
    [InlineData("video/seg- 1.m4s", null)]
    [InlineData("video/seg-1.mp4", null)]
    [InlineData("video/seg-1.m4s.tmp", null)]
    [InlineData("video/seg-1m4s", null)]
    [InlineData("video/seg-1x.m4s", null)]
    [InlineData("xvideo/seg-1.m4s", null)]
    [InlineData("Video/seg-1.m4s", null)]
    [InlineData("audio/seg-1.m4s", null)]
    [InlineData("video/init.mp4", null)]
    [InlineData("", null)]
    public void A_segment_is_known_by_its_name(string name, int? index) => BlobNames.SegmentIndex(Rendition.Video, name).ShouldBe(index);

    // Otherwise a stray blob would stand for a segment that does not exist.
    [Theory]
    [InlineData("video/seg-007.m4s")]
    [InlineData("video/seg-00.m4s")]
    public void A_segment_has_one_name_only(string name) => BlobNames.SegmentIndex(Rendition.Video, name).ShouldBeNull();

    [Fact]
    public void Sound_is_known_by_its_own_folder()
    {
        BlobNames.SegmentIndex(Rendition.Audio, "audio/seg-7.m4s").ShouldBe(7);
        BlobNames.SegmentIndex(Rendition.Audio, "video/seg-7.m4s").ShouldBeNull();
    }

    [Theory]
    [InlineData("subs/0/seg-0.vtt", 0)]
    [InlineData("subs/12/seg-0.vtt", 12)]
    [InlineData("subs/0/seg-1.vtt", null)]
    [InlineData("subs/00/seg-0.vtt", null)]
    [InlineData("subs/seg-0.vtt", null)]
    [InlineData("subs//seg-0.vtt", null)]
    [InlineData("subs/x/seg-0.vtt", null)]
    [InlineData("subs/0/1/seg-0.vtt", null)]
    public void A_subtitle_track_is_known_by_its_first_segment(string name, int? track) => BlobNames.SubtitleTrack(name).ShouldBe(track);

    [Theory]
    [InlineData("video/init.mp4", true, "video/mp4")]
    [InlineData("audio/init.mp4", true, "video/mp4")]
    [InlineData("video/seg-0.m4s", true, "video/iso.segment")]
    [InlineData("subs/0/seg-0.vtt", true, "text/vtt; charset=utf-8")]
    [InlineData("plan.json", false, "application/json")]
    [InlineData(".complete", false, "application/json")]
    [InlineData(".writer", false, "application/octet-stream")]
    [InlineData(".locks/video-0", false, "application/octet-stream")]
    [InlineData("videos/x", false, "application/octet-stream")]
    public void A_blob_has_its_kind_and_content_type(string name, bool isMedia, string contentType)
    {
        BlobNames.IsMedia(name).ShouldBe(isMedia);
        BlobNames.ContentType(name).ShouldBe(contentType);
    }

    [Fact]
    public void A_signed_url_names_the_blob_and_is_never_printed_by_chance()
    {
        var access = new SegmentAccess("https://a.test/c", "sig=secret");
        access.Url("video/init.mp4").ShouldBe("https://a.test/c/video/init.mp4?sig=secret");
        access.ToString().ShouldBe("https://a.test/c");
    }
}
