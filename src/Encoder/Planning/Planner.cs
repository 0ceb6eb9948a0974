using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Encoder.Probing;

namespace HlsCache.Encoder.Planning;

/// <summary>Decides what will exist of a generation, from what the probe found. Pure.</summary>
public static class Planner
{
    // Longer than any film; a container that claims more is damaged, or made to keep encoders busy.
    public const int MostHours = 48;

    // How much of the rate is allowed at once, in seconds.
    public const int BufferSeconds = 2;

    private static readonly HashSet<string> TextCodecs = new(StringComparer.Ordinal) { "subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text" };

    /// <param name="copy">The picture as it is in the source, where that is what is wanted and possible; else it is encoded.</param>
    public static PlanOutcome Plan(Entry entry, SourceInfo info, VideoPlan? copy = null)
    {
        var request = entry.Request;
        var video = copy ?? (request.Quality.HasVideo && info.Videos is [var first, ..] ? Video(entry, first) : null);
        var track = Track(request.Audio.Track, info.Audios);
        if (request.Audio.Track is { } wanted && track is null)
        {
            return PlanOutcome.Refuse(info.Audios.Count switch
            {
                0 => $"The source has no audio, so there is no track {wanted}.",
                1 => $"The source has one audio track, numbered 0; there is no track {wanted}.",
                var n => $"The source has {n} audio tracks, numbered 0 to {n - 1}; there is no track {wanted}.",
            });
        }

        var sound = request.Audio.IsNone || track is null ? null : Sound(entry.Profile, info.Audios, track);
        if (video is not { Units: > 0 } && sound is not { Units: > 0 })
        {
            return PlanOutcome.Refuse(request.Quality.HasVideo
                ? "The source has neither video nor audio that could be played."
                : "The source has no audio.");
        }

        var seconds = Math.Max(video is null ? 0 : info.Videos[0].End ?? 0, sound is null ? 0 : track!.End ?? 0);
        if (seconds > MostHours * 3600)
        {
            return PlanOutcome.Refuse($"The source says that it lasts {seconds / 3600:N0} hours; what lasts more than {MostHours} is not encoded.");
        }

        return PlanOutcome.Of(new(
            EncodePlan.CurrentVersion,
            entry.Id.Key.Value,
            entry.Id.Generation.Value,
            request.Source.Value,
            request.Quality.Name,
            request.Audio.ToString(),
            entry.Stamp,
            entry.Profile,
            video is { Units: > 0 } ? video : null,
            sound is { Units: > 0 } ? sound : null,
            // Subtitles are shown over a picture.
            video is { Units: > 0 } ? Subtitles(info.Subtitles) : []));
    }

    private static VideoPlan Video(Entry entry, VideoTrack track)
    {
        var rate = FrameRate.Choose(track.Rate, track.AverageRate);
        var (width, height) = Fit(track.Width, track.Height, entry.Request.Quality.MaxHeight);
        var kilobits = Core.Keys.Quality.MaxKilobits(height);
        var grid = SegmentGrid.ForVideo(rate, entry.Profile.SegmentSeconds);
        var level = H264Level.For(width, height, rate, kilobits * BufferSeconds);
        return new(track.Stream, width, height, track.Interlaced, level, kilobits, grid, Units(track.End, rate));
    }

    private static AudioPlan Sound(EncodeProfile profile, IReadOnlyList<AudioTrack> all, AudioTrack track)
    {
        var grid = SegmentGrid.ForAudio(profile.SegmentSeconds);
        var frames = (long)Math.Ceiling(Math.Round((track.End ?? 0) * AudioPlan.SampleRate) / AudioPlan.SamplesPerFrame);
        return new(track.Stream, all.Index().First(t => t.Item == track).Index, track.Language, profile.AudioKilobits, grid, frames);
    }

    private static AudioTrack? Track(int? wanted, IReadOnlyList<AudioTrack> tracks) =>
        wanted is { } index ? tracks.ElementAtOrDefault(index) : tracks.FirstOrDefault(t => t.Default) ?? (tracks is [var first, ..] ? first : null);

    private static List<SubtitlePlan> Subtitles(IReadOnlyList<SubtitleTrack> tracks)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var plans = new List<SubtitlePlan>();
        foreach (var (index, track) in tracks.Index())
        {
            var label = track.Title ?? track.Language ?? $"Subtitles {index + 1}";
            var name = label;
            for (var n = 2; !names.Add(name); n++)
            {
                name = $"{label} {n}";
            }

            var skipped = TextCodecs.Contains(track.Codec) ? null : $"{track.Codec} subtitles are pictures and cannot be shown as text.";
            plans.Add(new(track.Stream, track.Language, name, track.Forced, skipped));
        }

        return plans;
    }

    /// <summary>The largest even size of the same shape within the height, never larger than the source.</summary>
    private static (int Width, int Height) Fit(int width, int height, int maxHeight)
    {
        var target = Math.Min(height, maxHeight);
        return (Even((double)width * target / height, width), Even(target, height));
    }

    private static int Even(double pixels, int most)
    {
        var nearest = (int)Math.Round(pixels / 2, MidpointRounding.AwayFromZero) * 2;
        return Math.Max(2, nearest > most ? nearest - 2 : nearest);
    }

    private static long Units(double? seconds, Rational rate) => (long)Math.Round((seconds ?? 0) * rate.Value, MidpointRounding.AwayFromZero);
}
