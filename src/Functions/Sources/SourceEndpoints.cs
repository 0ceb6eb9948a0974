using HlsCache.Core.Sources;
using HlsCache.Functions.Http;

namespace HlsCache.Functions.Sources;

/// <summary>What there is to play.</summary>
internal static class SourceEndpoints
{
    private const int PageSize = 100;

    public static void MapSources(this IEndpointRouteBuilder app) => app.MapMethods("/api/sources", ReadRoutes.Methods, ListAsync);

    private static async Task<IResult> ListAsync(SourceCatalog sources, string? prefix, string? after, CancellationToken cancellationToken)
    {
        var found = await sources.ListAsync(prefix ?? "/", after, cancellationToken)
            .Take(PageSize + 1)
            .Select(f => new SourceItem(f.Path.Value, f.Bytes))
            .ToListAsync(cancellationToken);
        var more = found.Count > PageSize;
        return TypedResults.Json(new SourcePage(found[..Math.Min(found.Count, PageSize)], more ? found[PageSize - 1].Source : null), FunctionsJson.Web.SourcePage);
    }
}
