using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using HlsCache.Core.Jobs;
using HlsCache.Testing.ServiceBus;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Storage.Tests;

/// <summary>A managed identity, and TLS, without which there is none.</summary>
public sealed class ServiceBusIdentityTests : IAsyncLifetime
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly EncodeJob Job = new(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", 1);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hlscache-bus-");
    private X509Certificate2 certificate = null!;
    private ServiceBusBroker broker = null!;
    private JwtCredential credential = null!;
    private string name = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var (cert, secret) = (Path.Join(folder.FullName, "cert.pem"), Path.Join(folder.FullName, "key.pem"));
        await File.WriteAllTextAsync(cert, certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(secret, key.ExportPkcs8PrivateKeyPem(), Cancel);
        broker = await ServiceBusBroker.StartAsync((cert, secret));
        credential = new(broker.JwtKey);
        name = await broker.NewQueuesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await broker.DisposeAsync();
        certificate.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_identity_sends_and_receives_with_tokens_for_service_bus()
    {
        await using var bus = Connect();
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await using var received = await ReceiveAsync(bus);
        received.Job.ShouldBe(Job);
        await received.CompleteAsync(Cancel);
        (await bus.CheckAsync()).ShouldBeNull();
        credential.Scopes.Distinct(StringComparer.Ordinal).ShouldBe(["https://servicebus.azure.net/.default"]);
    }

    [Fact]
    public async Task A_key_works_over_tls_too()
    {
        await using var bus = ServiceBusHost.Connect(broker, name, Trust, ("Queue:ConnectionString", broker.TlsConnectionString));
        await bus.Queue.SendAsync(Job, Life, Cancel);
        (await broker.StateAsync(name)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_token_that_ran_out_is_replaced_and_whoever_waited_goes_on_waiting()
    {
        credential.Life = TimeSpan.FromSeconds(2);
        await using var bus = Connect();
        var waiting = ReceiveAsync(bus);
        await broker.BecomesAsync($"{name}-fill", q => q.Credit == 1);
        var first = await CountAsync("tokens");
        credential.Life = TimeSpan.FromHours(1);
        await broker.BecomesAsync(name, q => q.Credit == 0);
        await broker.BecomesAsync(name, q => q.Credit == 1);
        (await CountAsync("tokens")).ShouldBeGreaterThan(first);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await using var received = await waiting;
        received.Job.ShouldBe(Job);
    }

    [Fact]
    public async Task A_credential_that_ran_out_is_told_and_work_goes_on_when_there_is_one_again()
    {
        credential.Life = TimeSpan.FromSeconds(2);
        await using var bus = Connect();
        var waiting = ReceiveAsync(bus);
        await broker.BecomesAsync($"{name}-fill", q => q.Credit == 1);
        credential.Fault = () => new CredentialUnavailableException("The identity is gone.");
        const string Expected = "Service Bus localhost cannot be used: this process has no identity, or no token could be had for it: The identity is gone.";
        await broker.BecomesAsync(name, q => q.Credit == 0);
        await bus.Log.SaysAsync(Expected);
        (await bus.CheckAsync()).ShouldBe(Expected);

        (credential.Life, credential.Fault) = (TimeSpan.FromHours(1), null);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await using var received = await waiting;
        received.Job.ShouldBe(Job);
    }

    [Fact]
    public async Task A_credential_that_failed_as_nobody_foresaw_does_not_keep_the_next_connection_from_being_made()
    {
        // No token of so short a life is kept for the next connection.
        credential.Life = TimeSpan.FromSeconds(5);
        await using var bus = Connect();
        await bus.Queue.SendAsync(Job, Life, Cancel);
        credential.Fault = () => new InvalidOperationException("A bug.");
        await broker.DoAsync("drop");
        await Should.ThrowAsync<InvalidOperationException>(() => bus.Queue.SendAsync(Job with { Attempt = 2 }, Life, Cancel));

        (credential.Life, credential.Fault) = (TimeSpan.FromHours(1), null);
        await bus.Queue.SendAsync(Job with { Attempt = 2 }, Life, Cancel);
        (await broker.StateAsync(name)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_identity_without_a_role_is_told_which_ones_it_needs()
    {
        credential.Rights = ["Send"];
        await using var bus = Connect();
        await bus.Queue.SendAsync(Job, Life, Cancel);
        (await bus.CheckAsync()).ShouldNotBeNull().ShouldStartWith(
            $"Service Bus localhost refuses this process's identity for the queue {name}: give it the roles Azure Service Bus Data Sender and Azure Service Bus Data Receiver.");
    }

    [Fact]
    public async Task A_token_that_is_forged_is_refused()
    {
        credential = new("another key");
        await using var bus = Connect();
        (await bus.CheckAsync()).ShouldNotBeNull().ShouldContain("refuses this process's identity");
        bus.Log.Text.ShouldNotContain(credential.Last);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_not_trusted()
    {
        await using var bus = ServiceBusHost.Connect(
            broker,
            name,
            services => services.Configure<ServiceBusClientOptions>(Reach).AddSingleton<TokenCredential>(credential),
            ("Queue:Namespace", "localhost"));
        (await bus.CheckAsync()).ShouldNotBeNull().ShouldStartWith("Service Bus localhost cannot be trusted: ");
        credential.Scopes.ShouldBeEmpty();
    }

    private ServiceBusHost Connect() => ServiceBusHost.Connect(
        broker,
        name,
        services =>
        {
            Trust(services);
            services.AddSingleton<TokenCredential>(credential);
        },
        ("Queue:Namespace", "localhost"));

    // This one certificate, for the name that it is for.
    private void Trust(IServiceCollection services) => services.Configure<ServiceBusClientOptions>(o =>
    {
        Reach(o);
        o.CertificateValidationCallback = (_, shown, _, errors) =>
            errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateChainErrors && shown?.GetCertHashString() == certificate.GetCertHashString();
    });

    private void Reach(ServiceBusClientOptions options) => options.CustomEndpointAddress = new($"sb://localhost:{broker.Port}");

    private async Task<int> CountAsync(string what) => (await broker.DoAsync("counts"))[what]!.GetValue<int>();

    private static Task<IReceivedJob> ReceiveAsync(ServiceBusHost bus) => bus.Queue.ReceiveAsync(Cancel).WaitAsync(Patience, Cancel);
}
