using System.Net;
using System.Text.Json;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests.Admin;

/// <summary>Tests of what the operator sees and does.</summary>
public abstract class EntryTests(params (string Name, string Value)[] settings) : AppTests(settings)
{
    public static TheoryData<string, string> Routes => new()
    {
        { "GET", "" },
        { "DELETE", "" },
        { "PUT", "/pin" },
        { "DELETE", "/pin" },
        { "POST", "/verify" },
        { "GET", "/events" },
    };

    private protected async Task<HttpResponseMessage> SendAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), path);
        return await app.Client.SendAsync(request, Cancelled);
    }

    /// <summary>Asks for an answer that must be good.</summary>
    private protected async Task<JsonElement> AskAsync(string method, string path)
    {
        using var response = await SendAsync(method, path);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private protected async Task DoAsync(string method, string path)
    {
        using var response = await SendAsync(method, path);
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}
