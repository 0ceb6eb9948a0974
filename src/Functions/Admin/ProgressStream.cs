using System.Runtime.CompilerServices;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Service.Generations;
using HlsCache.Service.Plays;

namespace HlsCache.Functions.Admin;

/// <summary>Server-sent events: the progress of a generation whenever it changes, until there is nothing more to come.</summary>
public sealed class ProgressStream(GenerationId id) : IResult
{
    // Proxies close a connection that is silent for long.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>How long one answer lasts; the listener's browser asks again by itself. The Functions host ends the process of an answer that outlasts its limit.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(200);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var watch = httpContext.RequestServices.GetRequiredService<GenerationWatch>();
        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var enough = new CancellationTokenSource(Longest, httpContext.RequestServices.GetRequiredService<TimeProvider>());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping, enough.Token);
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            await foreach (var message in ReadAsync(watch, over.Token))
            {
                await httpContext.Response.WriteAsync(message, over.Token);
                await httpContext.Response.Body.FlushAsync(over.Token);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The listener has gone, or asks again.
        }
    }

    private async IAsyncEnumerable<string> ReadAsync(GenerationWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ProgressEvent? told = null;
        while (told is not { IsLast: true })
        {
            var now = Of(await watch.WaitAsync(id, view => Of(view) != told, Heartbeat, cancellationToken));
            yield return now == told ? ":\n\n" : Event("progress", now);
            told = now;
        }

        yield return Event("end", told);
    }

    private static string Event(string name, ProgressEvent data) => $"event: {name}\ndata: {JsonSerializer.Serialize(data, FunctionsJson.Web.ProgressEvent)}\n\n";

    private static ProgressEvent Of(GenerationView? view)
    {
        var progress = Progress.Of(view);
        var state = view switch
        {
            null => "gone",
            { IsSealed: true } => "complete",
            { Error: not null } => "failed",
            { IsQueued: true } => "queued",
            _ => "encoding",
        };
        return new(state, progress.Ready, progress.Total, progress.Percent, progress.Speed, view?.Error);
    }
}
