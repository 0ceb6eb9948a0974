using System.Collections.Immutable;
using HlsCache.Functions.Http;
using HlsCache.Service.Upkeep;

namespace HlsCache.Functions.Timers;

/// <summary>Where the Functions host posts its ticks, by the names of the folders of <c>function.json</c>.</summary>
internal static class TimerEndpoints
{
    public static void MapTimers(this IEndpointRouteBuilder app)
    {
        foreach (var task in app.ServiceProvider.GetServices<IScheduledTask>())
        {
            app.MapPost($"/{task.Name}", (HttpRequest request, TaskRunner runner, CancellationToken cancellationToken) => TickAsync(task, request, runner, cancellationToken));
        }
    }

    // What the tick says of its schedule is not read: it is known to be wrong at times. A failure is in the log; told as a status, it would be no more.
    private static async Task<IResult> TickAsync(IScheduledTask task, HttpRequest request, TaskRunner runner, CancellationToken cancellationToken)
    {
        // A host that forwards takes the backslashes of a path for slashes: /api/admin/..%5C..%5Csweep comes here.
        if (!FunctionsHost.CallsForItself(request))
        {
            return TypedResults.NotFound();
        }

        var outcome = await runner.RunAsync(task, cancellationToken);
        return TypedResults.Json(new TimerAnswer([outcome.Summary], ImmutableDictionary<string, string>.Empty, null), FunctionsJson.Web.TimerAnswer);
    }
}
