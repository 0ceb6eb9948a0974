using HlsCache.Core.Plans;
using HlsCache.Core.Segments;

namespace HlsCache.Core.Work;

/// <summary>Which blobs of a generation exist.</summary>
public sealed record ReadySet(bool VideoInit, IndexSet Video, bool AudioInit, IndexSet Audio, IndexSet Subtitles)
{
    public static readonly ReadySet Empty = new(false, IndexSet.Empty, false, IndexSet.Empty, IndexSet.Empty);

    /// <summary>How many segments of video and audio.</summary>
    public int Count => Video.Count + Audio.Count;

    public IndexSet Segments(Rendition rendition) => rendition == Rendition.Video ? Video : Audio;

    public bool Init(Rendition rendition) => rendition == Rendition.Video ? VideoInit : AudioInit;

    public ReadySet WithInit(Rendition rendition) => rendition == Rendition.Video ? this with { VideoInit = true } : this with { AudioInit = true };

    public ReadySet WithSegment(Rendition rendition, int index) =>
        rendition == Rendition.Video ? this with { Video = Video.Add(index) } : this with { Audio = Audio.Add(index) };

    public ReadySet Union(ReadySet other) => new(
        VideoInit || other.VideoInit,
        Video.Union(other.Video),
        AudioInit || other.AudioInit,
        Audio.Union(other.Audio),
        Subtitles.Union(other.Subtitles));

    /// <summary>The set that a listing shows.</summary>
    public static ReadySet Of(IReadOnlyCollection<StoredBlob> blobs)
    {
        IndexSet Indexes(Rendition rendition) => IndexSet.Of(blobs.Select(b => BlobNames.SegmentIndex(rendition, b.Name)).OfType<int>());
        bool Has(string name) => blobs.Any(b => string.Equals(b.Name, name, StringComparison.Ordinal));
        return new(
            Has(BlobNames.Init(Rendition.Video)),
            Indexes(Rendition.Video),
            Has(BlobNames.Init(Rendition.Audio)),
            Indexes(Rendition.Audio),
            IndexSet.Of(blobs.Select(b => BlobNames.SubtitleTrack(b.Name)).OfType<int>()));
    }
}
