using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Tokens;
using HlsCache.Functions.Http;
using HlsCache.Service.Generations;
using HlsCache.Service.Plays;
using HlsCache.Service.Sessions;
using HlsCache.Service.Tokens;

namespace HlsCache.Functions.Sessions;

/// <summary>How a viewer keeps in touch, and leaves.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        var sessions = app.MapGroup("/api/sessions/{id}");
        sessions.MapPut("", HeartbeatAsync);
        sessions.MapDelete("", EndAsync);
        // A page that is closing can only POST.
        sessions.MapPost("/end", EndAsync);
    }

    private static async Task<IResult> HeartbeatAsync(
        HttpContext context, string id, string? t, TokenService tokens, SessionBook sessions, AliasedSessions aliased, IEntryStore entries, JobSender jobs, GenerationReader reader, CancellationToken cancellationToken)
    {
        if (await VerifyAsync(tokens, id, t, cancellationToken) is not { } token)
        {
            return Problems.NoToken();
        }

        var position = await ReadPositionAsync(context.Request, cancellationToken);
        if (!await sessions.BeatAsync(token, position, cancellationToken))
        {
            return Problems.Over();
        }

        var found = await entries.ReadAsync(token.Key, cancellationToken);
        if (found.Alias is { } alias && await aliased.FindAsync(token, alias, cancellationToken) is { } moved)
        {
            await sessions.BeatAsync(moved, position, cancellationToken);
            found = await entries.ReadAsync(moved.Key, cancellationToken);
        }

        if (found.IsNewer)
        {
            return Problems.Newer(context);
        }

        // What is in force may be none, or have failed, while the viewer goes on with what was in force before.
        var current = found.Current is { State: not EntryState.Failed } inForce ? inForce : await EarlierAsync(entries, found.Pointer, cancellationToken) ?? found.Current;
        if (current is not null)
        {
            await jobs.EnsureSentAsync(current, cancellationToken);
        }

        var view = current is null ? null : await reader.ReadAsync(current.Id, cancellationToken);
        return view is null
            ? Problems.Gone()
            : TypedResults.Json(
                new HeartbeatAnswer(id, token.Expires, State(current!, view), Progress.Of(view), view.Error), FunctionsJson.Web.HeartbeatAnswer);
    }

    private static async Task<IResult> EndAsync(string id, string? t, TokenService tokens, AliasedSessions sessions, PrivateFilms films, CancellationToken cancellationToken)
    {
        if (await VerifyAsync(tokens, id, t, cancellationToken) is not { } token)
        {
            return Problems.NoToken();
        }

        await sessions.EndAsync(token, cancellationToken);
        await films.ReclaimAsync(token, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Entry?> EarlierAsync(IEntryStore entries, EntryPointer? pointer, CancellationToken cancellationToken) =>
        pointer is not null && await entries.ReadAllAsync(pointer.Key, cancellationToken) is { } rows
            ? rows.Generations.LastOrDefault(e => e.State == EntryState.Complete)
            : null;

    private static async Task<PlayToken?> VerifyAsync(TokenService tokens, string id, string? t, CancellationToken cancellationToken) =>
        await tokens.VerifyAsync(t ?? "", cancellationToken) is { } token && token.Session == id ? token : null;

    private static async Task<double?> ReadPositionAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return (await JsonSerializer.DeserializeAsync(request.Body, FunctionsJson.Web.HeartbeatBody, cancellationToken))?.Position;
        }
        catch (JsonException)
        {
            return null; // A heartbeat without a position is still a heartbeat.
        }
    }

    private static string State(Entry entry, GenerationView view) => view switch
    {
        { IsSealed: true } => "hit",
        { Error: not null } => "failed",
        _ => entry.State == EntryState.Queued ? "queued" : "encoding",
    };
}
