using HlsCache.Storage.Queues.ServiceBus;

namespace HlsCache.Storage.Tests;

public sealed class ServiceBusEndpointTests
{
    private const string Key = ";SharedAccessKeyName=jobs;SharedAccessKey=c2VjcmV0PQ==";

    [Theory]
    [InlineData("Endpoint=sb://films.servicebus.windows.net/", "films.servicebus.windows.net", 5671, true)]
    [InlineData("Endpoint=sb://films.servicebus.windows.net", "films.servicebus.windows.net", 5671, true)]
    [InlineData("endpoint=sb://localhost:5999/", "localhost", 5999, true)]
    [InlineData("UseDevelopmentEmulator=true;Endpoint=sb://localhost", "localhost", 5672, false)]
    [InlineData("UseDevelopmentEmulator=TRUE;Endpoint=sb://127.0.0.1:5999/", "127.0.0.1", 5999, false)]
    [InlineData("UseDevelopmentEmulator=false;Endpoint=sb://localhost", "localhost", 5671, true)]
    public void A_connection_string_says_where_and_how(string text, string host, int port, bool tls)
    {
        var endpoint = ServiceBusEndpoint.OfConnectionString(text + Key).ShouldNotBeNull();
        (endpoint.Host, endpoint.Port, endpoint.UseTls, endpoint.Key is null).ShouldBe((host, port, tls, false));
        (endpoint.Address.Scheme.ToUpperInvariant(), endpoint.Address.Port).ShouldBe((tls ? "AMQPS" : "AMQP", port));
    }

    [Theory]
    [InlineData("films.servicebus.windows.net", "films.servicebus.windows.net", 5671)]
    [InlineData(" films.servicebus.windows.net ", "films.servicebus.windows.net", 5671)]
    [InlineData("localhost:5999", "localhost", 5999)]
    public void A_namespace_is_reached_over_tls_without_a_key(string text, string host, int port) =>
        ServiceBusEndpoint.OfNamespace(text).ShouldBe(new(host, port, true, null));

    [Fact]
    public void Its_text_does_not_hold_the_key() =>
        ServiceBusEndpoint.OfConnectionString("Endpoint=sb://localhost" + Key).ShouldNotBeNull().ToString().ShouldNotContain("c2VjcmV0");

    [Fact]
    public void A_signature_is_over_the_audience_and_the_end_of_its_life() =>
        // As computed by openssl.
        new SharedKey("jobs", "secret").Sign("amqps://localhost/jobs", DateTimeOffset.FromUnixTimeSeconds(1_800_000_000))
            .ShouldBe("SharedAccessSignature sr=amqps%3A%2F%2Flocalhost%2Fjobs&sig=au9OSMH74WY5Rb4DHfQvECCRBKpkqEfTvu39ld8lbcE%3D&se=1800000000&skn=jobs");
}
