using System.Net.Sockets;
using Azure;

namespace HlsCache.Storage.Tests;

public sealed class StorageFaultsTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(400, false)]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(404, false)]
    [InlineData(409, false)]
    [InlineData(412, false)]
    public void An_answer_of_the_service_is_judged_by_its_status(int status, bool unavailable) =>
        StorageFaults.IsUnavailable(new RequestFailedException(status, "answer")).ShouldBe(unavailable);

    [Fact]
    public void A_network_that_fails_is_the_services_fault()
    {
        StorageFaults.IsUnavailable(new HttpRequestException("refused")).ShouldBeTrue();
        StorageFaults.IsUnavailable(new SocketException((int)SocketError.ConnectionRefused)).ShouldBeTrue();
        StorageFaults.IsUnavailable(new TimeoutException()).ShouldBeTrue();
    }

    [Fact]
    public void A_fault_of_ours_is_not_the_services()
    {
        StorageFaults.IsUnavailable(new InvalidOperationException()).ShouldBeFalse();
        StorageFaults.IsUnavailable(new IOException("a local file")).ShouldBeFalse();
        StorageFaults.IsUnavailable(new OperationCanceledException()).ShouldBeFalse();
    }

    [Fact]
    public void Many_tries_are_the_services_fault_when_each_of_them_is()
    {
        var busy = new RequestFailedException(503, "busy");
        StorageFaults.IsUnavailable(new AggregateException(busy, new RequestFailedException(0, "refused"))).ShouldBeTrue();
        StorageFaults.IsUnavailable(new AggregateException(busy, new InvalidOperationException())).ShouldBeFalse();
    }
}
