using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace HlsCache.Bench;

/// <summary>A viewer's player, as far as it asks for things.</summary>
internal sealed class Player(Uri address)
{
    private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };

    public async Task<JsonElement> PlayAsync(string source, string quality, CancellationToken cancellationToken)
    {
        using var response = await client.PostAsJsonAsync("/api/play", new { source, quality, audio = -1 }, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    /// <summary>From the press of the button to the first whole video segment.</summary>
    public async Task<(TimeSpan Took, JsonElement Play)> FirstSegmentAsync(string source, string quality, bool segmentFirst, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var play = await PlayAsync(source, quality, cancellationToken);
        var (master, variant) = await MasterAsync(play, cancellationToken);
        var video = new Uri(master, Lines(variant).First());
        var playlist = await TextAsync(video, cancellationToken);
        var init = new Uri(video, playlist.Split("MAP:URI=\"")[1].Split('"')[0]);
        var segment = new Uri(video, Lines(playlist).First());
        foreach (var uri in segmentFirst ? new[] { segment, init } : [init, segment])
        {
            _ = await BytesAsync(uri, cancellationToken);
        }

        return (Stopwatch.GetElapsedTime(begun), play);
    }

    /// <summary>Fetches everything a player does before it shows the first picture, and answers whether it was a hit.</summary>
    public async Task<bool> StartAsync(string source, string quality, CancellationToken cancellationToken)
    {
        var answer = await PlayAsync(source, quality, cancellationToken);
        var (master, variant) = await MasterAsync(answer, cancellationToken);
        var video = new Uri(master, Lines(variant).First());
        var audio = new Uri(master, Lines(variant).First().Replace("video", "audio", StringComparison.Ordinal));
        var playlists = await Task.WhenAll(TextAsync(video, cancellationToken), TextAsync(audio, cancellationToken));
        var segments = playlists.Select(p => new Uri(video, Lines(p).First()));
        var bytes = await Task.WhenAll(segments.Select(s => BytesAsync(s, cancellationToken)));
        return answer.GetProperty("state").GetString() == "hit" && bytes.All(b => b > 0);
    }

    public async Task<TimeSpan> WaitUntilSealedAsync(JsonElement play, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var token = play.GetProperty("master").GetString()!.Split('/')[^2];
        while (true)
        {
            using var response = await client.PutAsJsonAsync($"/api/sessions/{play.GetProperty("session").GetString()}?t={token}", new { }, cancellationToken);
            var state = (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("state").GetString();
            if (state is "hit")
            {
                return Stopwatch.GetElapsedTime(begun);
            }

            if (state is "failed")
            {
                throw new InvalidOperationException("The encode failed.");
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    private static IEnumerable<string> Lines(string playlist) => playlist.Split('\n').Where(l => l.Length > 0 && l[0] != '#');

    /// <summary>The master, and where it was in the end: the key that was asked for may prove to be an alias.</summary>
    private async Task<(Uri Uri, string Text)> MasterAsync(JsonElement play, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(new Uri(play.GetProperty("master").GetString()!), cancellationToken);
        return (response.RequestMessage!.RequestUri!, await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
    }

    private Task<string> TextAsync(Uri uri, CancellationToken cancellationToken) => client.GetStringAsync(uri, cancellationToken);

    private async Task<int> BytesAsync(Uri uri, CancellationToken cancellationToken) => (await client.GetByteArrayAsync(uri, cancellationToken)).Length;
}
