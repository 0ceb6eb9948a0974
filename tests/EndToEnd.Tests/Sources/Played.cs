using System.Text.Json;
using HlsCache.Encoder.Mp4;

namespace HlsCache.EndToEnd.Tests.Sources;

/// <summary>A rendition as a player has it after the last segment.</summary>
/// <param name="File">Init and all segments, one behind the other.</param>
/// <param name="Lengths">EXTINF of each segment, in microseconds.</param>
/// <param name="DecodeTimes">What each segment says of where it begins, in ticks.</param>
internal sealed record PlayedRendition(string File, IReadOnlyList<long> Lengths, IReadOnlyList<long> DecodeTimes)
{
    public double Seconds => Lengths.Sum() / 1e6;

    public static async Task<PlayedRendition> DownloadAsync(HttpClient client, Uri playlist, string file)
    {
        var lines = (await client.GetStringAsync(playlist, TestContext.Current.CancellationToken)).Split('\n');
        lines.ShouldContain(l => l == "#EXT-X-ENDLIST");
        var init = lines.First(l => l.StartsWith("#EXT-X-MAP", StringComparison.Ordinal)).Split('"')[1];
        await using var output = System.IO.File.Create(file);
        await output.WriteAsync(await BytesAsync(client, init), TestContext.Current.CancellationToken);
        var times = new List<long>();
        foreach (var uri in lines.Where(l => l.Length > 0 && l[0] != '#'))
        {
            var bytes = await BytesAsync(client, uri);
            await output.WriteAsync(bytes, TestContext.Current.CancellationToken);
            var boxes = await BoxReader.ReadAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
            boxes.Select(b => b.Type).ShouldBe(["moof", "mdat"]);
            times.Add(MovieFragmentBox.Read(boxes[0]).DecodeTime);
        }

        return new(file, [.. lines.Where(l => l.StartsWith("#EXTINF:", StringComparison.Ordinal)).Select(l => (long)Math.Round(Media.Number(l["#EXTINF:".Length..]) * 1e6))], times);
    }

    private static async Task<byte[]> BytesAsync(HttpClient client, string uri)
    {
        // A hit plays from storage: signed addresses, none of the function app.
        new Uri(uri).Query.ShouldContain("sig=");
        return await client.GetByteArrayAsync(new Uri(uri), TestContext.Current.CancellationToken);
    }
}

/// <summary>A film that was played to its end from a hit.</summary>
internal sealed record Played(JsonElement Answer, string Master, PlayedRendition? Video, PlayedRendition? Audio, IReadOnlyList<string> Subtitles, string Source);
