using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Http;

/// <summary>Asks for the API key where no Functions host has asked for its own.</summary>
internal sealed class ApiKeyFilter(IOptions<HlsCacheOptions> options) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var given = request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault();
        return FunctionsHost.IsParent || options.Value.ApiKey is not { Length: > 0 } key || Same(given, key)
            ? next(context)
            : ValueTask.FromResult<object?>(TypedResults.Problem(
                title: "A key is needed: send it as the header x-functions-key.", statusCode: StatusCodes.Status401Unauthorized));
    }

    private static bool Same(string? given, string key) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
