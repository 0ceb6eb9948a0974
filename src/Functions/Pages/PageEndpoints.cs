using HlsCache.Functions.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HlsCache.Functions.Pages;

/// <summary>The page that plays films, and its files.</summary>
internal static class PageEndpoints
{
    // Blobs are on another origin; hls.js demuxes in a worker that it makes from a blob, and hangs subtitles on an empty data: track.
    private const string Policy =
        "default-src 'self'; media-src 'self' blob: data: http: https:; connect-src *; worker-src 'self' blob:; img-src 'self' data:; frame-ancestors 'none'";

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
        app.MapMethods("/player", ReadRoutes.Methods, (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return Serve(context, "player.html", "text/html; charset=utf-8");
        });
        app.MapMethods("/player/{file}", ReadRoutes.Methods, IResult (HttpContext context, string file) =>
            ContentTypes.TryGetValue(file, out var type) ? Serve(context, file, type) : TypedResults.NotFound());
    }

    private static PhysicalFileHttpResult Serve(HttpContext context, string file, string contentType)
    {
        // Asked for anew each time, and answered with 304: modules of two versions must not meet in a browser.
        context.Response.Headers.CacheControl = "no-cache";
        var path = Path.Join(Folder, file);
        return TypedResults.PhysicalFile(path, contentType, lastModified: new DateTimeOffset(File.GetLastWriteTimeUtc(path)));
    }
}
