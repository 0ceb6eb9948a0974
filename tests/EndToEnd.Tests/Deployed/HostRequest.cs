using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace HlsCache.EndToEnd.Tests.Deployed;

/// <summary>Requests as the Functions host sends them, recorded from version 4.1037: its own ticks, and what a client asked <see cref="Site"/> for.</summary>
internal static class HostRequest
{
    public const string Site = "app.example.net";

    private static readonly string Own = $"X-Azure-Functions-HostVersion: 4.1037.1.1\r\nX-Azure-Functions-InvocationId: {Guid.NewGuid()}\r\n";

    /// <param name="status">What the host knows of the schedule; nothing of those under a minute.</param>
    public static string Tick(int port, string task, string status = "null")
    {
        var timer = $$"""{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{{status}},"IsPastDue":false}""";
        var call = $$"""{"MethodName":"{{task}}","UtcNow":"2026-11-22T10:00:00.0040621Z","RandGuid":"{{Guid.NewGuid()}}"}""";
        var body = $$$"""{"Data":{"timer":{{{timer}}}},"Metadata":{"sys":{{{call}}}}}""";
        return $"POST /{task} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{Own}User-Agent: Azure-Functions-Host/4.1037.1.1\r\n"
            + $"Transfer-Encoding: chunked\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{Encoding.UTF8.GetByteCount(body):X}\r\n{body}\r\n0\r\n\r\n";
    }

    /// <summary>Proxying leaves path and query as they were; Host is the app's own address, and the client's is told beside it.</summary>
    /// <param name="headers">The client's own, each with its line end.</param>
    public static string Proxied(int port, string method, string target, string headers = "", string? body = null) =>
        $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: curl/8.14.1\r\nAccept: */*\r\n{headers}{Own}"
        + $"X-Forwarded-For: ::1\r\nX-Forwarded-Host: {Site}\r\nX-Forwarded-Proto: https\r\n{Body(body)}";

    /// <summary>Forwarding takes path and query apart and puts them together again; the client's headers stay, with those of the front end.</summary>
    /// <inheritdoc cref="Proxied" path="/param"/>
    public static string Forwarded(string method, string target, string headers = "", string? body = null) =>
        $"{method} {Rewrite(target)} HTTP/1.1\r\nHost: {Site}\r\nUser-Agent: curl/8.14.1 Azure-Functions-Host/4.1037.1.1\r\nAccept: */*\r\n{headers}{Own}"
        + $"X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n{Body(body)}";

    // Its server unescapes the path, but for slashes; the URI that it makes of that takes backslashes for slashes and has no dots. Of a query, values of
    // one name are joined.
    private static string Rewrite(string target)
    {
        var (path, query) = target.Split('?', 2) is [var before, var after] ? (before, after) : (target, "");
        var unescaped = string.Join("%2F", path.Split("%2F").Select(Uri.UnescapeDataString));
        var values = QueryHelpers.ParseQuery(query).ToDictionary(v => v.Key, v => (string?)v.Value.ToString(), StringComparer.Ordinal);
        var absolute = new Uri($"https://{Site}{unescaped}").AbsolutePath;
        return new Uri(QueryHelpers.AddQueryString($"http://127.0.0.1{absolute}", values)).PathAndQuery;
    }

    private static string Body(string? body) => body is null ? "\r\n" : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
}
