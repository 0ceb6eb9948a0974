using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Plans;

namespace HlsCache.Testing;

/// <summary>Ordinary values for tests that do not care which.</summary>
public static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly EncodeProfile Profile = new(EncodeProfile.CurrentRecipe, 4, "libx264", "veryfast", 21, 128);

    public static PlayRequest Request(string source = "/media/film.mkv", string quality = "720p", string audio = "0") =>
        PlayRequest.Parse(source, quality, audio, out var error) ?? throw new ArgumentException(error, nameof(source));

    /// <summary>A request that no other test makes: a real store is shared among them.</summary>
    public static PlayRequest NewRequest() => Request($"/media/{Guid.NewGuid():N}.mkv");

    public static GenerationId NewId() => new(NewRequest().Key, Generation.After(null, Now));

    public static Entry Entry(PlayRequest request, Generation? predecessor = null) => new()
    {
        Id = new(request.Key, Generation.After(predecessor, Now)),
        State = EntryState.Queued,
        Request = request,
        Stamp = "stamp",
        Profile = Profile,
        Reason = MissReason.Cold,
        Created = Now,
        LastAccess = Now,
    };

    /// <summary>8.5 seconds at 25 frames a second with sound and three subtitle tracks, of which one is not offered.</summary>
    public static EncodePlan Plan() => new(
        EncodePlan.CurrentVersion,
        "8a5da4814e1f6258",
        "1jdtcq1c8abcdefg",
        "/media/film.mkv",
        "720p",
        "0",
        "stamp",
        Profile,
        Video(new(25, 1), 213),
        Sound(400),
        [new(2, "eng", "English", false, null), new(3, "deu", "Deutsch", false, "a bitmap"), new(4, null, "Forced", true, null)]);

    public static VideoPlan Video(Rational rate, long frames, double segmentSeconds = 4) =>
        new(0, 1280, 720, false, 31, 3500, SegmentGrid.ForVideo(rate, segmentSeconds), frames);

    public static AudioPlan Sound(long frames, double segmentSeconds = 4) => new(1, 0, "eng", 128, SegmentGrid.ForAudio(segmentSeconds), frames);
}
