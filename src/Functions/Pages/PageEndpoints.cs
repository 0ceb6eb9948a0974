using Microsoft.AspNetCore.Http.HttpResults;

namespace HlsCache.Functions.Pages;

/// <summary>The page that plays films, and its files.</summary>
internal static class PageEndpoints
{
    // Blobs are on another origin; hls.js demuxes in a worker that it makes from a blob.
    private const string Policy =
        "default-src 'self'; media-src 'self' blob: http: https:; connect-src *; worker-src 'self' blob:; img-src 'self' data:; frame-ancestors 'none'";

    private const string Script = "text/javascript; charset=utf-8";

    private static readonly string Folder = Path.Join(AppContext.BaseDirectory, "wwwroot");

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        ["player.css"] = "text/css; charset=utf-8",
        ["api.js"] = Script,
        ["facts.js"] = Script,
        ["form.js"] = Script,
        ["hls-config.js"] = Script,
        ["hls.min.js"] = Script,
        ["page.js"] = Script,
        ["player.js"] = Script,
        ["session.js"] = Script,
        ["sources.js"] = Script,
        ["stream.js"] = Script,
        ["time.js"] = Script,
        ["words.js"] = Script,
    };

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/player", (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return Serve("player.html", "text/html; charset=utf-8");
        });
        app.MapGet("/player/{file}", IResult (string file) =>
            ContentTypes.TryGetValue(file, out var type) ? Serve(file, type) : TypedResults.NotFound());
    }

    private static PhysicalFileHttpResult Serve(string file, string contentType)
    {
        var path = Path.Join(Folder, file);
        return TypedResults.PhysicalFile(path, contentType, lastModified: new DateTimeOffset(File.GetLastWriteTimeUtc(path)));
    }
}
