using System.Net;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Testing.Hosts;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>Reads what the app answers.</summary>
internal static class Answers
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static string Text(this JsonElement answer, string name) => answer.GetProperty(name).GetString()!;

    public static EntryKey Key(this JsonElement answer) => EntryKey.Parse(answer.Text("key"))!.Value;

    public static GenerationId Id(this JsonElement answer) => new(answer.Key(), Generation.Parse(answer.Text("generation"))!.Value);

    /// <summary>The token in the master's URL.</summary>
    public static string Token(this JsonElement answer) => TokenOf(answer.Text("master"));

    public static string TokenOf(string master) => master.Split('/')[^2];

    public static string[] Names(this JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];

    /// <summary>The path of what the token opens, as in <c>video.m3u8</c>.</summary>
    public static string Media(this JsonElement answer, string name) => $"/api/hls/{answer.Token()}/{answer.Text("generation")}/{name}";

    public static string SessionPath(this JsonElement answer) => $"/api/sessions/{answer.Text("session")}?t={answer.Token()}";

    public static string Master(this JsonElement answer) => $"/api/hls/{answer.Token()}/master.m3u8";

    public static Task<HttpResponseMessage> GetAsync(this TestFunctionApp app, string path) => app.Client.GetAsync(path, Cancelled);

    /// <summary>Gets a text that must be there.</summary>
    public static async Task<string> ReadAsync(this TestFunctionApp app, string path)
    {
        using var response = await app.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    /// <summary>Asks for the film in the usual quality.</summary>
    public static Task<JsonElement> PlayFilmAsync(this TestFunctionApp app, bool own = false, string source = "/media/film.mkv") =>
        app.PlayOkAsync(source, "720p", ownSession: own, cancellationToken: Cancelled);

    /// <summary>Plays and lets go of the answer, which may be an error.</summary>
    public static Task<HttpResponseMessage> TryPlayFilmAsync(this TestFunctionApp app, bool own = false, string source = "/media/film.mkv") =>
        app.PlayAsync(source, "720p", ownSession: own, cancellationToken: Cancelled);

    /// <summary>Checks that an error tells a person the one sentence.</summary>
    public static async Task ShouldBeProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string title)
    {
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        response.StatusCode.ShouldBe(status, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonDocument.Parse(text).RootElement.Text("title").ShouldBe(title);
    }

    public static void ShouldSayRetry(this HttpResponseMessage response) => response.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);

    public static DateTimeOffset Expires(this JsonElement answer) => answer.GetProperty("expires").GetDateTimeOffset();

    /// <summary>The expiry that <c>UnsignedSegmentUrls</c> writes.</summary>
    public static DateTimeOffset SignedUntil(string sas) => DateTimeOffset.FromUnixTimeSeconds(long.Parse(sas.Split("se=")[1].Split('&', '\n', '"')[0]));
}
