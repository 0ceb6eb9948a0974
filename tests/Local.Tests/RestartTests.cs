using System.Net.Http.Json;
using System.Text.Json;

namespace HlsCache.Local.Tests;

/// <summary>What survives when everything is stopped and started again.</summary>
public sealed class RestartTests : IDisposable
{
    private const string Film = "/media/big-buck-bunny.mp4";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly string data = Directory.CreateTempSubdirectory("hls-cache-restart-").FullName;
    private readonly HttpClient client = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_film_that_was_encoded_before_a_restart_is_a_hit_and_one_that_was_cut_off_goes_on()
    {
        var (first, port) = await StartAsync();
        await using (first)
        {
            await UntilAsync(port, "360p", play => Text(play, "state") == "hit");
            // Stopped with part of the other film done.
            await UntilAsync(port, "720p", play => Ready(play) > 2);
            await StopAsync(first);
            first.Output.ShouldContain("this encoder is stopping; the job is handed back");
        }

        // As of a directory that was filled when all had the same key.
        File.Delete(Path.Combine(data, "storage.key"));
        var (second, again) = await StartAsync();
        await using (second)
        {
            var hit = await PlayAsync(again, "360p");
            Text(hit, "state").ShouldBe("hit");
            var blobs = hit.GetProperty("blobs");
            var init = $"{Text(blobs, "container")}/{Text(blobs, "init")}?{Text(blobs, "sas")}";
            (await client.GetByteArrayAsync(new Uri(init), Token)).Length.ShouldBeGreaterThan(500);

            Ready(await PlayAsync(again, "720p")).ShouldBeGreaterThan(2, "what was encoded before is not encoded again");
            await UntilAsync(again, "720p", play => Text(play, "state") == "hit");
            second.Output.ShouldNotContain("at 360p");
            await StopAsync(second);
        }
    }

    public void Dispose()
    {
        client.Dispose();
        Directory.Delete(data, recursive: true);
    }

    private async Task<(RunningLauncher Run, int Port)> StartAsync()
    {
        var port = Ports.Free(1)[0];
        var run = RunningLauncher.Start("--port", $"{port}", "--data", data);
        await run.ReadyAsync();
        return (run, port);
    }

    /// <summary>Returns when no child is left, so that the data can be deleted.</summary>
    private static async Task StopAsync(RunningLauncher run)
    {
        run.Signal("TERM");
        (await run.ExitAsync(StopLimit)).ShouldBe(0, run.Output);
    }

    private async Task UntilAsync(int port, string quality, Func<JsonElement, bool> condition)
    {
        while (!condition(await PlayAsync(port, quality)))
        {
            await Task.Delay(100, Token);
        }
    }

    private async Task<JsonElement> PlayAsync(int port, string quality)
    {
        using var response = await client.PostAsJsonAsync(new Uri($"http://127.0.0.1:{port}/api/play"), new { source = Film, quality }, Token);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private static string Text(JsonElement play, string name) => play.GetProperty(name).GetString()!;

    private static int Ready(JsonElement play) => play.GetProperty("progress").GetProperty("ready").GetInt32();
}
