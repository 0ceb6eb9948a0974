using HlsCache.Functions.Http;
using HlsCache.Service.Upkeep;

namespace HlsCache.Functions.Admin;

/// <summary>Runs upkeep now, for an operator.</summary>
internal static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder app) => app.MapPost("/api/admin/{task}", RunAsync);

    private static async Task<IResult> RunAsync(HttpContext context, TaskRunner runner, string task, CancellationToken cancellationToken)
    {
        if (runner.Find(task) is not { } found)
        {
            return Problems.NoTask();
        }

        var outcome = await runner.RunAsync(found, cancellationToken);
        return outcome.Succeeded
            ? TypedResults.Json(new AdminAnswer(found.Name, outcome.Summary), FunctionsJson.Web.AdminAnswer)
            : Problems.TaskFailed(context, outcome.Summary);
    }
}
