using HlsCache.Functions.Http;
using HlsCache.Service;
using HlsCache.Service.Stats;
using HlsCache.Service.Tokens;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Stats;

/// <summary>What was counted, and what there is.</summary>
internal static class StatsEndpoints
{
    public static void MapStats(this IEndpointRouteBuilder app) => app.MapMethods("/api/stats", ReadRoutes.Methods, ReadAsync);

    private static async Task<IResult> ReadAsync(
        StatsReader stats, CensusCache census, TokenService tokens, IOptions<HlsCacheOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        // Makes the table, if no play has.
        await tokens.LoadAsync(cancellationToken);
        var held = census.TakeAsync(cancellationToken);
        var history = await stats.GetAsync(cancellationToken);
        return TypedResults.Json(StatsAnswer.Of(history, await held, options.Value.BudgetBytes(), time.Today()), FunctionsJson.Web.StatsAnswer);
    }
}
