using System.Net;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace HlsCache.EndToEnd.Tests.Sources;

/// <summary>Films that cannot be played say why, and leave nothing behind.</summary>
public sealed class UnhappySourceTests(SourcePlays plays) : IClassFixture<SourcePlays>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_file_that_poses_as_a_film_is_refused_with_a_sentence()
    {
        await File.WriteAllTextAsync(Path.Join(plays.Media, "text.mp4"), "This is no film.\n", Token);
        await RefusedAsync("text.mp4", -1, title => title.ShouldStartWith("ffmpeg cannot read the source: "));
    }

    [Fact]
    public async Task A_playlist_that_poses_as_a_film_opens_nothing()
    {
        var secret = await plays.SourceAsync("silent.mp4");
        await File.WriteAllTextAsync(Path.Join(plays.Media, "playlist.mp4"), $"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n{secret}\n#EXT-X-ENDLIST\n", Token);
        await RefusedAsync("playlist.mp4", -1, title => title.ShouldStartWith("ffmpeg cannot read the source: "));
    }

    [Fact]
    public async Task A_concat_script_that_poses_as_a_film_opens_nothing()
    {
        await plays.SourceAsync("silent.mp4");
        await File.WriteAllTextAsync(Path.Join(plays.Media, "concat.mkv"), "ffconcat version 1.0\nfile silent.mp4\n", Token);
        await RefusedAsync("concat.mkv", -1, title => title.ShouldStartWith("ffmpeg cannot read the source: "));
    }

    [Fact]
    public async Task A_film_without_its_index_is_refused_with_a_sentence()
    {
        // Without faststart the index is at the end, and the end is gone.
        await plays.TruncatedAsync("headless.mp4", "plain.mp4", 0.6);
        await RefusedAsync("headless.mp4", -1, title => title.ShouldStartWith("ffmpeg cannot read the source: "));
    }

    [Fact]
    public async Task A_track_that_is_not_there_is_refused_with_what_is_there()
    {
        await plays.SourceAsync("three-tracks.mkv");
        await RefusedAsync("three-tracks.mkv", 99, title => title.ShouldBe("The source has 3 audio tracks, numbered 0 to 2; there is no track 99."));
    }

    /// <summary>Plays what cannot be played: first it is taken on, then every way to ask is told why it failed.</summary>
    private async Task RefusedAsync(string name, int audio, Action<string> checkTitle)
    {
        using var first = await plays.App.PlayAsync($"/media/{name}", "360p", audio, cancellationToken: Token);
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var play = JsonDocument.Parse(await first.Content.ReadAsStringAsync(Token)).RootElement;
        var beat = await SourcePlays.EndOfEncodeAsync(plays.App, play);
        beat.GetProperty("state").GetString().ShouldBe("failed");
        Check(beat.GetProperty("error").GetString());

        using var again = await plays.App.PlayAsync($"/media/{name}", "360p", audio, cancellationToken: Token);
        await CheckProblemAsync(again);
        using var master = await plays.Client.GetAsync(new Uri(play.GetProperty("master").GetString()!), Token);
        await CheckProblemAsync(master);

        await NothingIsLeftAsync(name, play);

        void Check(string? title)
        {
            checkTitle(title.ShouldNotBeNull());
            title.ShouldNotContain("/");
            title.ShouldNotContain(name);
        }

        async Task CheckProblemAsync(HttpResponseMessage response)
        {
            response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
            var text = await response.Content.ReadAsStringAsync(Token);
            text.ShouldNotContain(plays.Media);
            Check(JsonDocument.Parse(text).RootElement.GetProperty("title").GetString());
        }
    }

    private async Task NothingIsLeftAsync(string name, JsonElement play)
    {
        var container = $"hls-{play.GetProperty("key").GetString()}-{play.GetProperty("generation").GetString()}";
        var blobs = new BlobServiceClient(plays.Account);
        await UntilAsync(async () => !await blobs.GetBlobContainerClient(container).ExistsAsync(Token), "The container is still there.");
        var queues = new QueueServiceClient(plays.Account);
        await foreach (var queue in queues.GetQueuesAsync(cancellationToken: Token))
        {
            await UntilAsync(
                async () => (await queues.GetQueueClient(queue.Name).GetPropertiesAsync(Token)).Value.ApproximateMessagesCount == 0, $"There is still a message in {queue.Name}.");
        }

        await UntilAsync(() => Task.FromResult(!IsOpen(name)), "ffmpeg is still running.");
    }

    /// <summary>Whether a process was told to work on the source.</summary>
    private static bool IsOpen(string name) => Directory.EnumerateDirectories("/proc").Any(process =>
    {
        try
        {
            return File.ReadAllText(Path.Join(process, "cmdline")).Contains($"/{name}\0", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // It ended meanwhile, or is no process.
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    });

    /// <summary>What is left is cleared a moment after the failure is told.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition, string complaint)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Token);
        }

        Assert.Fail(complaint);
    }
}
