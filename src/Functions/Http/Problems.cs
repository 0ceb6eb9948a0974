using Microsoft.AspNetCore.Http.HttpResults;

namespace HlsCache.Functions.Http;

/// <summary>Errors that people see: what happened, to what, and what to do.</summary>
internal static class Problems
{
    public static ProblemHttpResult BadRequest(string title) => Of(StatusCodes.Status400BadRequest, title);

    public static ProblemHttpResult NoHost() => BadRequest("The header Host names no host, so no link can be given.");

    public static ProblemHttpResult NoKey() => Of(StatusCodes.Status401Unauthorized, "A key is needed: send it as the header x-functions-key.");

    public static ProblemHttpResult ForeignHost() =>
        Of(StatusCodes.Status403Forbidden, "Without a key, the app answers as localhost, 127.0.0.1 or [::1] only. Set HlsCache__ApiKey to reach it by another name.");

    public static ProblemHttpResult ForeignPage() =>
        Of(StatusCodes.Status403Forbidden, "Without a key, pages of other origins may not ask. Set HlsCache__ApiKey and let their server ask.");

    public static ProblemHttpResult NoKey(string title) => Of(StatusCodes.Status401Unauthorized, title);

    public static ProblemHttpResult NoTask() => Of(StatusCodes.Status404NotFound, "There is no such task.");

    public static ProblemHttpResult TaskFailed(HttpContext context, string title) => Retry(context, StatusCodes.Status503ServiceUnavailable, 60, title);

    public static ProblemHttpResult NoSource() => Of(StatusCodes.Status404NotFound, "There is no such source.");

    public static ProblemHttpResult NoEntry() => Of(StatusCodes.Status404NotFound, "There is no such entry.");

    public static ProblemHttpResult NoToken() => Of(StatusCodes.Status404NotFound, "There is nothing here: the link is wrong or its time is over. Play the film again.");

    public static ProblemHttpResult NoSegment() => Of(StatusCodes.Status404NotFound, "There is no such segment: the film ends before it.");

    public static ProblemHttpResult Over() => Of(StatusCodes.Status410Gone, "The session is over. Play the film again.");

    public static ProblemHttpResult Gone() => Of(StatusCodes.Status410Gone, "This encode of the film is gone. Start again from the master playlist.");

    public static ProblemHttpResult CannotEncode(string reason) => Of(StatusCodes.Status422UnprocessableEntity, reason);

    public static ProblemHttpResult NotJson() => Of(StatusCodes.Status415UnsupportedMediaType, "Send the body as JSON, with the header Content-Type: application/json.");

    public static IResult Busy(HttpContext context) =>
        Retry(context, StatusCodes.Status429TooManyRequests, 30, "Too many films are waiting to be encoded. Try again in half a minute; films that were played before can be played now.");

    public static IResult NoRoom(HttpContext context) =>
        Retry(context, StatusCodes.Status429TooManyRequests, 300, "The films being watched and encoded fill the cache. Films that were played before can be played now; for new ones try again later, or raise HlsCache__SizeGb.");

    public static IResult Newer(HttpContext context) =>
        Retry(context, StatusCodes.Status503ServiceUnavailable, 30, "A newer version of HlsCache is at work on this film, and this instance is older. Try again when the upgrade is through.");

    public static IResult NotYet(HttpContext context, string what) => Retry(context, StatusCodes.Status503ServiceUnavailable, 2, $"{what} is not there yet. Ask again.");

    /// <param name="wait">How long it asked to be left alone.</param>
    public static IResult Down(HttpContext context, string what, TimeSpan? wait = null) =>
        Retry(context, StatusCodes.Status503ServiceUnavailable, Math.Max(5, (int)(wait?.TotalSeconds ?? 0)), $"{what} does not answer. Try again in a few seconds.");

    private static ProblemHttpResult Retry(HttpContext context, int status, int seconds, string title)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Of(status, title);
    }

    private static ProblemHttpResult Of(int status, string title) => TypedResults.Problem(title: title, statusCode: status);
}
