using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Http;

/// <summary>Asks for the admin key, which no other key replaces. Where none is set, only this machine's own programs and pages may ask, if others cannot reach the app at all.</summary>
internal sealed class AdminKeyFilter(IOptions<HlsCacheOptions> options, IConfiguration configuration) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Refusal(context.HttpContext.Request) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(context);

    private ProblemHttpResult? Refusal(HttpRequest request) => options.Value.AdminKey is { Length: > 0 } key
        ? Keys.Has(request, "x-admin-key", "adminKey", key) ? null : NoKey()
        : FunctionsHost.IsParent || !FunctionsHost.IsLoopbackOnly(configuration) ? NoKey() : LocalCallers.Refusal(request, "HlsCache__AdminKey");

    private static ProblemHttpResult NoKey() => Problems.NoKey("The admin key is needed: set it as HlsCache__AdminKey and send it as the header x-admin-key.");
}
