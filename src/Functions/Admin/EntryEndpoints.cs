using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Functions.Http;
using HlsCache.Service.Admin;
using HlsCache.Service.Generations;
using HlsCache.Service.Lifecycle;

namespace HlsCache.Functions.Admin;

/// <summary>The operator's view of what is cached, and what he can do about it. They ask for the admin key.</summary>
internal static class EntryEndpoints
{
    private const int PageSize = 100;
    private const int MostPerPage = 1000;

    public static void MapEntries(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/api/entries", ReadRoutes.Methods, ListAsync);
        var entry = app.MapGroup("/api/entries/{key}");
        entry.MapMethods("", ReadRoutes.Methods, ShowAsync);
        entry.MapDelete("", InvalidateAsync);
        entry.MapPut("/pin", PinAsync);
        entry.MapDelete("/pin", UnpinAsync);
        entry.MapPost("/verify", VerifyAsync);
        entry.MapGet("/events", WatchAsync);
    }

    private static async Task<IResult> ListAsync(EntryReader reader, string? after, int? limit, CancellationToken cancellationToken)
    {
        var bookmark = EntryKey.Parse(after);
        return after is not null && bookmark is null
            ? Problems.BadRequest("The parameter after must be a key, as a page before gave it as next.")
            : TypedResults.Json(await reader.ListAsync(bookmark, Math.Clamp(limit ?? PageSize, 1, MostPerPage), cancellationToken), FunctionsJson.Web.EntryPage);
    }

    private static async Task<IResult> ShowAsync(EntryReader reader, string key, CancellationToken cancellationToken) =>
        EntryKey.Parse(key) is { } known && await reader.FindAsync(known, cancellationToken) is { } found
            ? TypedResults.Json(found, FunctionsJson.Web.EntryDetail)
            : Problems.NoEntry();

    private static async Task<IResult> InvalidateAsync(Invalidator invalidator, string key, bool? now, CancellationToken cancellationToken) =>
        EntryKey.Parse(key) is { } known && await invalidator.InvalidateAsync(known, now ?? false, cancellationToken) is { } done
            ? TypedResults.Json(new InvalidateAnswer(done.Evicted, done.Kept), FunctionsJson.Web.InvalidateAnswer)
            : Problems.NoEntry();

    private static async Task<IResult> PinAsync(OperatorPins pins, string key, CancellationToken cancellationToken) =>
        EntryKey.Parse(key) is { } known && await pins.PinAsync(known, cancellationToken) ? TypedResults.NoContent() : Problems.NoEntry();

    private static async Task<IResult> UnpinAsync(OperatorPins pins, string key, CancellationToken cancellationToken) =>
        EntryKey.Parse(key) is { } known && await pins.UnpinAsync(known, cancellationToken) ? TypedResults.NoContent() : Problems.NoEntry();

    private static async Task<IResult> VerifyAsync(GenerationAuditor auditor, string key, CancellationToken cancellationToken) =>
        EntryKey.Parse(key) is { } known && await auditor.AuditAsync(known, cancellationToken) is { } audit
            ? TypedResults.Json(new VerifyAnswer(audit.Checked, audit.Damaged, audit.Repair?.Value), FunctionsJson.Web.VerifyAnswer)
            : Problems.NoEntry();

    private static async Task<IResult> WatchAsync(IEntryStore entries, string key, CancellationToken cancellationToken) =>
        EntryKey.Parse(key) is { } known && (await entries.ReadAsync(known, cancellationToken)).Current is { } entry
            ? new ProgressStream(entry.Id)
            : Problems.NoEntry();
}
