using HlsCache.Core.Lifecycle;
using HlsCache.Core.Sources;
using HlsCache.Functions.Http;
using HlsCache.Service.Tokens;

namespace HlsCache.Functions.Health;

/// <summary>Whether the app is alive, and whether what it depends on is.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        // The Functions host asks for this every 25 ms while it waits for the app.
        app.MapMethods("/", ReadRoutes.Methods, () => "HlsCache\n");
        app.MapMethods("/api/health", ReadRoutes.Methods, CheckAsync);
    }

    private static async Task<IResult> CheckAsync(TokenService tokens, IStorageSetup storage, SourceCatalog sources, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        var roots = sources.CheckAsync(deadline.Token);
        var down = new List<string>();
        await foreach (var fault in storage.CheckAsync(deadline.Token))
        {
            down.Add(fault);
        }

        down.AddRange(await roots);
        if (down.Count == 0)
        {
            await tokens.LoadAsync(deadline.Token);
        }

        return TypedResults.Json(
            new HealthAnswer(down.Count == 0 ? "ok" : "down", down),
            FunctionsJson.Web.HealthAnswer,
            statusCode: down.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
