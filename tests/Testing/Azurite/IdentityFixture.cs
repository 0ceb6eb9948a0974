using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;

namespace HlsCache.Testing.Azurite;

/// <summary>One Azurite for all tests of an assembly that lets identities in, over TLS as these need it.</summary>
public sealed class IdentityFixture : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hlscache-tls-");
    private readonly X509Certificate2 certificate = MakeCertificate();

    public AzuriteServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var (cert, key) = (Path.Join(folder.FullName, "cert.pem"), Path.Join(folder.FullName, "key.pem"));
        await File.WriteAllTextAsync(cert, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(key, certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Server = await AzuriteServer.StartAsync(CancellationToken.None, "--oauth", "basic", "--cert", cert, "--key", key);
    }

    /// <summary>A client that trusts this server and no other.</summary>
    /// <param name="send">Sees each request and may answer it; null to pass it on.</param>
    public HttpClient NewClient(Func<HttpRequestMessage, Task<HttpResponseMessage?>>? send = null) => new(new Gate(send ?? (_ => Task.FromResult<HttpResponseMessage?>(null)))
    {
        InnerHandler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Trust() }, AllowAutoRedirect = false },
    });

    /// <inheritdoc cref="NewClient"/>
    public HttpPipelineTransport NewTransport(Func<HttpRequestMessage, Task<HttpResponseMessage?>>? send = null) => new HttpClientTransport(NewClient(send));

    /// <summary>The settings for an account of the test's own, with : for __.</summary>
    public IReadOnlyList<(string Name, string? Value)> NewAccount()
    {
        var name = Server.NewName();
        return
        [
            ("Storage:AccountName", name), ("Storage:BlobEndpoint", Server.Endpoint("Blob", name)),
            ("Storage:TableEndpoint", Server.Endpoint("Table", name)), ("Storage:QueueEndpoint", Server.Endpoint("Queue", name)),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        certificate.Dispose();
        folder.Delete(recursive: true);
    }

    private X509ChainPolicy Trust() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { certificate },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private sealed class Gate(Func<HttpRequestMessage, Task<HttpResponseMessage?>> send) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            await send(request) ?? await base.SendAsync(request, cancellationToken);
    }
}
