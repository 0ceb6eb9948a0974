using System.Text.Json;
using HlsCache.Core.Keys;
using HlsCache.Core.Tokens;
using HlsCache.Functions.Http;
using HlsCache.Service.Plays;
using HlsCache.Service.Tokens;

namespace HlsCache.Functions.Plays;

/// <summary>The routes that begin a play.</summary>
internal static class PlayEndpoints
{
    public static void MapPlays(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/play", PlayAsync);
        app.MapMethods("/api/play.m3u8", ReadRoutes.Methods, RedirectAsync);
    }

    private static async Task<IResult> PlayAsync(HttpContext context, PlayRouter plays, TokenService tokens, CancellationToken cancellationToken)
    {
        if (PublicAddress.Of(context.Request) is not { } address)
        {
            return Problems.NoHost();
        }

        // A page of another origin can send any other type without asking the browser's leave.
        if (!context.Request.HasJsonContentType())
        {
            return Problems.NotJson();
        }

        if (await ReadAsync(context.Request, cancellationToken) is not { } body)
        {
            return Problems.BadRequest("The body must be JSON such as {\"source\": \"/media/film.mkv\", \"quality\": \"720p\", \"audio\": -1}.");
        }

        if (PlayRequest.Parse(body.Source, body.Quality, body.AudioText(), out var error) is not { } request)
        {
            return Problems.BadRequest(error!);
        }

        await tokens.LoadAsync(cancellationToken);
        var outcome = await plays.PlayAsync(request, body.OwnSession, cancellationToken);
        if (outcome is not PlayOutcome.Playing playing)
        {
            return Refusal(context, outcome);
        }

        var master = await MasterAsync(address, tokens, playing, HoldClass.Page, cancellationToken);
        return TypedResults.Json(
            PlayAnswer.Of(playing, master),
            FunctionsJson.Web.PlayAnswer,
            statusCode: playing is PlayOutcome.Hit ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> RedirectAsync(
        HttpContext context, PlayRouter plays, TokenService tokens, string? source, string? quality, string? audio, CancellationToken cancellationToken)
    {
        if (PublicAddress.Of(context.Request) is not { } address)
        {
            return Problems.NoHost();
        }

        if (PlayRequest.Parse(source, quality, audio, out var error) is not { } request)
        {
            return Problems.BadRequest(error!);
        }

        await tokens.LoadAsync(cancellationToken);
        var outcome = await plays.PlayAsync(request, own: false, cancellationToken);
        if (outcome is not PlayOutcome.Playing playing)
        {
            return Refusal(context, outcome);
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Redirect(await MasterAsync(address, tokens, playing, HoldClass.Native, cancellationToken));
    }

    private static IResult Refusal(HttpContext context, PlayOutcome outcome) => outcome switch
    {
        PlayOutcome.Failed failed => Problems.CannotEncode(failed.Why),
        PlayOutcome.Busy => Problems.Busy(context),
        PlayOutcome.NoRoom => Problems.NoRoom(context),
        PlayOutcome.Newer => Problems.Newer(context),
        _ => Problems.NoSource(),
    };

    private static async Task<string> MasterAsync(string address, TokenService tokens, PlayOutcome.Playing playing, HoldClass hold, CancellationToken cancellationToken)
    {
        var token = await tokens.SignAsync(new(playing.Session.Key, playing.Session.Id, playing.Expires, hold, playing.Session.Own), cancellationToken);
        return $"{address}/api/hls/{token}/master.m3u8";
    }

    private static async Task<PlayBody?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, FunctionsJson.Web.PlayBody, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
