using System.Net;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.EndToEnd.Tests.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.EndToEnd.Tests.Aliases;

/// <summary>Requests that make the same bytes share them.</summary>
public sealed class AliasTests(SourcePlays plays) : IClassFixture<SourcePlays>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_default_track_encodes_once_for_every_request_that_makes_the_same_bytes()
    {
        await plays.SourceAsync("plain.mp4");
        var first = await PlayAsync("plain.mp4", "360p", -1);
        (await SourcePlays.EndOfEncodeAsync(plays.App, first)).GetProperty("state").GetString().ShouldBe("hit");

        var hits = new List<JsonElement>();
        foreach (var (quality, audio) in new (string, object)[] { ("360p", -1), ("360p", 0) })
        {
            hits.Add(await PlayAsync("plain.mp4", quality, audio));
        }

        // A request that was never made before is looked at, and is a hit from then on.
        foreach (var quality in (string[])["1080p", "2160p"])
        {
            var asked = await PlayAsync("plain.mp4", quality, 0);
            asked.GetProperty("state").GetString().ShouldNotBe("hit", StringComparer.Ordinal);
            (await SourcePlays.EndOfEncodeAsync(plays.App, asked)).GetProperty("state").GetString().ShouldBe("hit");
            hits.Add(await PlayAsync("plain.mp4", quality, 0));
        }

        hits.ShouldAllBe(h => h.GetProperty("state").GetString() == "hit");
        hits.Select(h => (h.GetProperty("key").GetString(), h.GetProperty("generation").GetString())).Distinct().ShouldHaveSingleItem();
        var plain = SourcePath.Parse("/media/plain.mp4", out _);
        var entries = plays.App.Services.GetRequiredService<IEntryStore>();
        (await entries.ListAsync(Token).SelectMany(k => k.Generations).CountAsync(e => e.Request.Source == plain, Token)).ShouldBe(1);
    }

    [Fact]
    public async Task A_player_follows_a_link_that_was_handed_out_before_the_key_became_an_alias()
    {
        await plays.SourceAsync("h264-25.mp4");
        var play = await PlayAsync("h264-25.mp4", "360p", -1);
        var master = new Uri(play.GetProperty("master").GetString()!);

        // It waits in this master, is sent on to the other, and resolves what that one names against where it was in the end.
        var lines = await Tool.FfprobeAsync("-show_entries", "stream=codec_type", master.ToString());

        lines.Select(l => l.TrimEnd(',')).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(["audio", "video"]);
        using var moved = await plays.Client.GetAsync(master, Token);
        moved.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    private Task<JsonElement> PlayAsync(string name, string quality, object audio) => plays.App.PlayOkAsync($"/media/{name}", quality, audio, cancellationToken: Token);
}
