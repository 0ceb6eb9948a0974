using System.Text;
using HlsCache.Core.Plans;

namespace HlsCache.Core.Playlists;

/// <summary>The master playlist of one generation.</summary>
public static class MasterPlaylist
{
    private const string AudioGroup = "audio";
    private const string SubtitleGroup = "subs";

    /// <param name="folder">Where the generation's media playlists are, as a relative URI without a slash at the end.</param>
    public static string Render(EncodePlan plan, string folder)
    {
        var text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        var attributes = new List<string>();
        if (plan is { Video: not null, Sound: { } sound })
        {
            text.Append($"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{AudioGroup}\",NAME=\"{Quoted(sound.Language ?? "Audio")}\"{Language(sound.Language)}")
                .Append($",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"{folder}/audio.m3u8\"\n");
            attributes.Add($"AUDIO=\"{AudioGroup}\"");
        }

        for (var i = 0; i < plan.Subtitles.Count; i++)
        {
            var track = plan.Subtitles[i];
            if (track.Skipped is null)
            {
                text.Append($"#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"{SubtitleGroup}\",NAME=\"{Quoted(track.Name)}\"{Language(track.Language)}")
                    .Append($",DEFAULT=NO,AUTOSELECT={(track.Forced ? "YES" : "NO")},FORCED={(track.Forced ? "YES" : "NO")},URI=\"{folder}/subs/{i}.m3u8\"\n");
            }
        }

        if (plan.Video is not null && plan.Subtitles.Any(s => s.Skipped is null))
        {
            attributes.Add($"SUBTITLES=\"{SubtitleGroup}\"");
        }

        // Without it, Shaka fetches segments all over the film to look for captions, which would start encodes there.
        if (plan.Video is not null)
        {
            attributes.Add("CLOSED-CAPTIONS=NONE");
        }

        return text.Append($"#EXT-X-STREAM-INF:{Variant(plan)}{string.Concat(attributes.Select(a => "," + a))}\n")
            .Append($"{folder}/{(plan.Video is null ? "audio" : "video")}.m3u8\n")
            .ToString();
    }

    private static string Variant(EncodePlan plan)
    {
        var kilobits = (plan.Video?.MaxKilobits ?? 0) + (plan.Sound?.Kilobits ?? 0);
        // Fragment headers and the rate control's freedom on short segments.
        var bandwidth = kilobits * 1100;
        var codecs = string.Join(',', new[] { plan.Video?.Codec, plan.Sound is null ? null : AudioPlan.Codec }.OfType<string>());
        var picture = plan.Video is { } video
            ? $",RESOLUTION={video.Width}x{video.Height},FRAME-RATE={video.Grid.Rate.Value:F3}"
            : "";
        return $"BANDWIDTH={bandwidth},CODECS=\"{codecs}\"{picture}";
    }

    private static string Language(string? language) => language is null ? "" : $",LANGUAGE=\"{Quoted(language)}\"";

    // A quoted string holds no quote and no line break (RFC 8216 §4.2), and these names come from files.
    private static string Quoted(string text) => new([.. text.Where(c => c != '"' && !char.IsControl(c))]);
}
