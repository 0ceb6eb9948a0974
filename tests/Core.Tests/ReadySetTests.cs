using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Work;

namespace HlsCache.Core.Tests;

public sealed class ReadySetTests
{
    [Fact]
    public void A_listing_shows_what_is_ready()
    {
        string[] names =
        [
            ".complete", ".locks/video-0", ".writer", "audio/init.mp4", "audio/seg-1.m4s", "plan.json",
            "subs/0/seg-0.vtt", "subs/2/seg-0.vtt", "video/seg-0.m4s", "video/seg-10.m4s", "video/seg-2.m4s", "video/seg-3.m4s", "video/stray.tmp",
        ];
        ReadySet.Of([.. names.Select(n => new StoredBlob(n, 1, null))])
            .ShouldBe(new(false, IndexSet.Of([0, 2, 3, 10]), true, IndexSet.Of([1]), IndexSet.Of([0, 2])));
    }

    [Fact]
    public void An_empty_listing_shows_nothing() => ReadySet.Of([]).ShouldBe(ReadySet.Empty);

    [Fact]
    public void Reports_of_workers_add_up()
    {
        var one = ReadySet.Empty.WithInit(Rendition.Video).WithSegment(Rendition.Video, 0).WithSegment(Rendition.Audio, 4);
        var other = ReadySet.Empty.WithInit(Rendition.Audio).WithSegment(Rendition.Video, 1) with { Subtitles = IndexSet.Of([1]) };
        var expected = new ReadySet(true, IndexSet.Of([0, 1]), true, IndexSet.Of([4]), IndexSet.Of([1]));
        one.Union(other).ShouldBe(expected);
        other.Union(one).ShouldBe(expected);
    }

    [Theory]
    [InlineData(Rendition.Video)]
    [InlineData(Rendition.Audio)]
    public void Renditions_are_kept_apart(Rendition rendition)
    {
        var other = rendition == Rendition.Video ? Rendition.Audio : Rendition.Video;
        var set = ReadySet.Empty.WithInit(rendition).WithSegment(rendition, 7);
        (set.Init(rendition), set.Init(other)).ShouldBe((true, false));
        set.Segments(rendition).ShouldBe(IndexSet.Of([7]));
        set.Segments(other).ShouldBe(IndexSet.Empty);
    }
}
