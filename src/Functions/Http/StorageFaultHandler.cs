using HlsCache.Core.Lifecycle;
using Microsoft.AspNetCore.Diagnostics;

namespace HlsCache.Functions.Http;

/// <summary>Turns what a request could not help into an answer: storage that does not answer is 503, a body that is too large 413.</summary>
internal sealed partial class StorageFaultHandler(IStorageFaults faults, ILogger<StorageFaultHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is BadHttpRequestException bad)
        {
            await TypedResults.Problem(title: bad.Message, statusCode: bad.StatusCode).ExecuteAsync(httpContext);
            return true;
        }

        if (faults.Explain(exception) is { } cause)
        {
            Log.StorageDown(logger, cause);
            await Problems.Down(httpContext, "Storage", faults.RetryAfter(exception)).ExecuteAsync(httpContext);
            return true;
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Storage does not answer: {Cause}")]
        public static partial void StorageDown(ILogger logger, string cause);
    }
}
