using System.Net;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>The HTTP side of a storage account where everything has been set up: enough for <c>StorageSetup</c>.</summary>
internal sealed class FakeAccount : HttpMessageHandler
{
    public const string ConnectionString =
        "AccountName=fake;AccountKey=c2VjcmV0LW9mLXRoZS1hY2NvdW50;BlobEndpoint=https://blob.test/;QueueEndpoint=https://queue.test/;TableEndpoint=https://table.test/";

    private const string Properties = "<StorageServiceProperties><Cors><CorsRule><AllowedOrigins>*</AllowedOrigins><AllowedMethods>GET</AllowedMethods>"
        + "<AllowedHeaders/><ExposedHeaders/><MaxAgeInSeconds>1</MaxAgeInSeconds></CorsRule></Cors></StorageServiceProperties>";

    // No containers and no queues.
    private const string Nothing = "<EnumerationResults><Containers/><Queues/><NextMarker/></EnumerationResults>";

    /// <summary>Answers in place of the service on that host (<c>blob.test</c>, …); null for the usual answer.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage?>> Instead { get; set; } = (_, _) => Task.FromResult<HttpResponseMessage?>(null);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await Instead(request, cancellationToken) ?? (request.Method.Method switch
        {
            "GET" when request.RequestUri!.Query.Contains("comp=list", StringComparison.Ordinal) =>
                new(HttpStatusCode.OK) { Content = new StringContent(Nothing, null, "application/xml") },
            "GET" when request.RequestUri!.AbsolutePath == "/Tables" => new(HttpStatusCode.OK) { Content = new StringContent("{\"value\":[]}", null, "application/json") },
            "GET" => new(HttpStatusCode.OK) { Content = new StringContent(Properties, null, "application/xml") },
            "POST" => new(HttpStatusCode.NoContent),
            _ => new(HttpStatusCode.Created),
        });
}
