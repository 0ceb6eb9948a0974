using Azure.Core;
using Azure.Core.Pipeline;

namespace HlsCache.Storage.Tests;

/// <summary>Sees every request on the wire, and every answer before the client does.</summary>
internal sealed class RequestPolicy(Action<HttpMessage> answered) : HttpPipelinePolicy
{
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        answered(message);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        ProcessNext(message, pipeline);
        answered(message);
    }
}
