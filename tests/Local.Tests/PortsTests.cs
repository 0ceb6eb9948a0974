using System.Net;
using System.Net.Sockets;

namespace HlsCache.Local.Tests;

public sealed class PortsTests
{
    [Fact]
    public void Free_ports_are_different_and_can_be_listened_on()
    {
        var ports = Ports.Free(5);
        ports.Distinct().Count().ShouldBe(5);
        ports.ShouldAllBe(p => Ports.Fault(p) == null);
    }

    [Fact]
    public async Task A_port_in_use_is_told_and_accepts()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Ports.Fault(port).ShouldBe($"Port {port} is already in use; choose another one with --port.");
        (await Ports.AcceptsAsync(port, TestContext.Current.CancellationToken)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_port_on_which_nobody_listens_does_not_accept() =>
        (await Ports.AcceptsAsync(Ports.Free(1)[0], TestContext.Current.CancellationToken)).ShouldBeFalse();
}
