using System.Net;
using Azure.Core;
using Azure.Identity;
using HlsCache.Core.Entries;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HlsCache.Storage.Tests;

/// <summary>What health says of an account that lets nobody in, of one that does not exist, and of an identity without a token.</summary>
public sealed class RefusalTests(IdentityFixture azurite)
{
    private readonly TestIdentity identity = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("comp=list", "blob", "Storage Blob Data Contributor")]
    [InlineData("Tables", "table", "Storage Table Data Contributor")]
    [InlineData("userdelegationkey", "signing", "Storage Blob Delegator")]
    public async Task A_role_that_is_missing_is_named(string request, string service, string role)
    {
        await using var storage = Host(sent => sent.RequestUri!.OriginalString.Contains(request, StringComparison.Ordinal)
            ? Refusal(HttpStatusCode.Forbidden, "AuthorizationPermissionMismatch", isTable: request == "Tables") : null);
        (await CheckAsync(storage)).ShouldContain(fault => fault == $"The {service} service does not answer: it refuses this app (AuthorizationPermissionMismatch): its identity lacks the role {role}.");
    }

    [Fact]
    public async Task A_service_that_is_busy_says_for_how_long_and_is_asked_once()
    {
        var asked = 0;
        await using var storage = Host(sent =>
        {
            if (!sent.RequestUri!.Query.Contains("userdelegationkey", StringComparison.Ordinal))
            {
                return null;
            }

            Interlocked.Increment(ref asked);
            return Refusal(HttpStatusCode.ServiceUnavailable, "ServerBusy", seconds: 17);
        });
        (await CheckAsync(storage)).ShouldHaveSingleItem().ShouldBe("The signing service does not answer: it is busy (ServerBusy) and asks to be left alone for 17 s.");
        asked.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(11, 1)]
    public async Task A_client_waits_as_it_is_asked_to_but_not_for_long(int seconds, int requests)
    {
        var (asked, isReady) = (0, false);
        await using var storage = Host(sent => isReady && sent.RequestUri!.AbsolutePath.Contains("/entries", StringComparison.Ordinal) && Interlocked.Increment(ref asked) == 1
            ? Refusal(HttpStatusCode.ServiceUnavailable, "ServerBusy", seconds, isTable: true) : null);
        await storage.Get<StorageSetup>().RunAsync(Token);
        isReady = true;
        var began = TimeProvider.System.GetTimestamp();
        var found = storage.Get<IEntryStore>().FindAsync(Samples.NewId(), Token);
        if (requests == 1)
        {
            var fault = await Should.ThrowAsync<Azure.RequestFailedException>(found);
            StorageFaults.RetryAfter(fault).ShouldBe(TimeSpan.FromSeconds(seconds));
        }
        else
        {
            (await found).ShouldBeNull();
            TimeProvider.System.GetElapsedTime(began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(20));
        }

        asked.ShouldBe(requests);
    }

    [Fact]
    public async Task A_credential_that_expired_is_named()
    {
        await using var storage = Host(_ => null);
        identity.Before = () => throw new AuthenticationFailedException("AADSTS7000222: The provided client secret keys are expired.\nTrace ID: 1");
        (await CheckAsync(storage)).ShouldAllBe(fault => fault.EndsWith(
            "no token was given to this app's identity, whose credential may have expired: AADSTS7000222: The provided client secret keys are expired.", StringComparison.Ordinal));
        identity.Before = () => { };
        (await CheckAsync(storage)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_machine_without_an_identity_is_named()
    {
        await using var storage = Host(_ => null);
        identity.Before = () => throw new CredentialUnavailableException("ManagedIdentityCredential authentication unavailable.");
        (await CheckAsync(storage)).Count.ShouldBe(4);
        (await CheckAsync(storage))[0].ShouldBe("The table service does not answer: there is no identity to get a token with: ManagedIdentityCredential authentication unavailable.");
        StorageFaults.IsUnavailable(await Should.ThrowAsync<Exception>(storage.Get<IEntryStore>().FindAsync(Samples.NewId(), Token))).ShouldBeTrue();
    }

    [Fact]
    public async Task An_account_that_does_not_exist_is_named()
    {
        // A name that can never be one: https://www.rfc-editor.org/rfc/rfc6761
        await using var storage = new StorageHost(
            null,
            s => s.AddSingleton<TokenCredential>(identity),
            ("Storage:AccountName", "films"), ("Storage:BlobEndpoint", "https://films.blob.invalid"), ("Storage:TableEndpoint", "https://films.table.invalid"), ("Storage:QueueEndpoint", "https://films.queue.invalid"));
        var faults = await CheckAsync(storage);
        faults.Count.ShouldBe(4);
        faults.ShouldAllBe(fault => fault.Contains("there is no account of that name; check Storage__AccountName", StringComparison.Ordinal));
        faults[1].ShouldContain("films.blob.invalid");
    }

    [Fact]
    public async Task A_program_that_storage_does_not_let_in_says_so_in_a_sentence()
    {
        using var log = new LogBook();
        await using var storage = new StorageHost(
            null,
            s => s.AddSingleton<ILoggerProvider>(log).AddSingleton<TokenCredential>(identity).AddSingleton(azurite.NewTransport(
                _ => Task.FromResult<HttpResponseMessage?>(Refusal(HttpStatusCode.Forbidden, "AuthorizationPermissionMismatch")))),
            azurite.NewAccount());
        (await storage.Get<StorageSetup>().TryRunAsync(Token)).ShouldBeFalse();
        log.Text.ShouldContain("Storage could not be made ready, so this program ends: it refuses this app (");
    }

    [Fact]
    public async Task An_identity_that_may_only_touch_data_sets_everything_up_but_the_rules_for_browsers()
    {
        await using var storage = Host(sent => sent.RequestUri!.Query.Contains("comp=properties", StringComparison.Ordinal)
            ? Refusal(HttpStatusCode.Forbidden, "AuthorizationPermissionMismatch") : null);
        await storage.Get<StorageSetup>().RunAsync(Token);
        (await CheckAsync(storage)).ShouldBeEmpty();
        (await storage.Get<IEntryStore>().FindAsync(Samples.NewId(), Token)).ShouldBeNull();
    }

    private static HttpResponseMessage Refusal(HttpStatusCode status, string code, int? seconds = null, bool isTable = false)
    {
        var answer = new HttpResponseMessage(status) { Headers = { { "x-ms-error-code", code } } };
        if (isTable)
        {
            answer.Content = new StringContent("{\"odata.error\":{\"code\":\"" + code + "\",\"message\":{\"lang\":\"en-US\",\"value\":\"No.\"}}}", null, "application/json");
        }

        if (seconds is not null)
        {
            answer.Headers.Add("Retry-After", $"{seconds}");
        }

        return answer;
    }

    private static async Task<List<string>> CheckAsync(StorageHost storage) => await storage.Get<StorageSetup>().CheckAsync(Token).ToListAsync(Token);

    private StorageHost Host(Func<HttpRequestMessage, HttpResponseMessage?> answer) => new(
        null, s => s.AddSingleton<TokenCredential>(identity).AddSingleton(azurite.NewTransport(r => Task.FromResult(answer(r)))), azurite.NewAccount());
}
