using Microsoft.Playwright;

namespace HlsCache.EndToEnd.Tests.Browser;

/// <summary>The player page as a viewer uses it, and every request that it makes.</summary>
internal sealed class PlayerPage(IPage page, Uri app)
{
    private static readonly PageWaitForFunctionOptions Patient = new() { Timeout = 60_000, PollingInterval = 50 };
    private readonly List<Uri> requests = [];

    /// <summary>Media that was asked of the function app.</summary>
    public IEnumerable<Uri> MediaFromApp => requests.Where(r => r.Authority == app.Authority && IsMedia(r));

    /// <summary>Media that was asked of blob storage.</summary>
    public IEnumerable<Uri> MediaFromBlobs => requests.Where(r => r.Authority != app.Authority && IsMedia(r));

    public static async Task<PlayerPage> OpenAsync(IBrowser browser, Uri app)
    {
        var player = new PlayerPage(await browser.NewPageAsync(), app);
        player.Listen();
        return player;
    }

    public async Task PlayAsync(string source, string quality)
    {
        await page.GotoAsync(new Uri(app, $"/player?source={Uri.EscapeDataString(source)}&quality={quality}").ToString());
        await page.ClickAsync("#play");
    }

    public Task PassesAsync(double seconds) => page.WaitForFunctionAsync("t => document.querySelector('#video').currentTime > t", seconds, Patient);

    public Task ReachesStateAsync(string state) => page.WaitForFunctionAsync("s => document.body.dataset.state === s", state, Patient);

    public Task EndsAsync() => page.WaitForFunctionAsync("() => document.querySelector('#video').ended", null, Patient);

    public Task SeekAsync(double seconds) => page.EvaluateAsync("t => { document.querySelector('#video').currentTime = t; }", seconds);

    public Task<double> BufferedEndAsync() => page.EvaluateAsync<double>(
        "() => { const b = document.querySelector('#video').buffered; return b.length ? b.end(b.length - 1) : 0; }");

    public Task BufferedPastAsync(double seconds) => page.WaitForFunctionAsync(
        "t => { const b = document.querySelector('#video').buffered; return b.length && b.end(b.length - 1) > t; }", seconds, Patient);

    public Task<int> BufferedRangesAsync() => page.EvaluateAsync<int>("() => document.querySelector('#video').buffered.length");

    public Task<string> ResultAsync() => page.EvaluateAsync<string>("() => document.body.dataset.result");

    public Task<string?> TextAsync(string selector) => page.TextContentAsync(selector);

    public Task CloseAsync() => page.CloseAsync();

    private void Listen() => page.Request += (_, request) => requests.Add(new(request.Url));

    private static bool IsMedia(Uri uri) => uri.AbsolutePath.EndsWith(".m4s", StringComparison.Ordinal) || uri.AbsolutePath.EndsWith(".mp4", StringComparison.Ordinal);
}
