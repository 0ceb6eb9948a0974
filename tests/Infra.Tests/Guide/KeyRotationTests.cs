using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Azure.Data.Tables.Sas;
using HlsCache.Core.Tokens;
using HlsCache.Storage;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Infra.Tests.Guide;

/// <summary>The rows that the guide has an operator write are those that the app reads.</summary>
public sealed partial class KeyRotationTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_row_of_the_guide_becomes_the_key_that_signs_and_the_first_one_can_go()
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Storage:ConnectionString", azurite.Server.NewAccount())]).Build())
            .AddLogging().AddHlsCacheStorage().BuildServiceProvider();
        await services.GetRequiredService<StorageSetup>().RunAsync(Token);
        var store = services.GetRequiredService<ISigningKeyStore>();
        var first = (await store.ReadOrCreateAsync(new(1, new byte[32]), Token)).ShouldHaveSingleItem();
        var table = services.GetRequiredService<TableServiceClient>().GetTableClient("keys");
        var secret = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

        await SendAsync(table, HttpMethod.Post, "", Body().Match(DeployGuide.Text).Groups["body"].Value.Replace("'\"$(openssl rand -base64 32)\"'", secret, StringComparison.Ordinal));

        var keys = await store.ReadOrCreateAsync(new(1, new byte[32]), Token);
        keys.Select(k => (int)k.Id).ShouldBe([2, first.Id]);
        Convert.ToBase64String(keys[0].Secret).ShouldBe(secret);

        await SendAsync(table, HttpMethod.Delete, Row().Match(DeployGuide.Text).Groups["row"].Value, null);
        (await store.ReadOrCreateAsync(new(1, new byte[32]), Token)).ShouldHaveSingleItem().Id.ShouldBe((byte)2);
    }

    /// <summary>As the guide's command does it, with a signature for the emulator in place of a token.</summary>
    private static async Task SendAsync(TableClient table, HttpMethod method, string row, string? body)
    {
        var signed = table.GenerateSasUri(TableSasPermissions.All, TimeProvider.System.GetUtcNow().AddHours(1));
        using var request = new HttpRequestMessage(method, new UriBuilder(signed) { Path = signed.AbsolutePath + row }.Uri);
        request.Headers.Add("x-ms-version", "2024-11-04");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/json;odata=nometadata"));
        if (body is null)
        {
            request.Headers.Add("If-Match", "*");
        }
        else
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var client = new HttpClient();
        using var response = await client.SendAsync(request, Token);
        response.IsSuccessStatusCode.ShouldBeTrue($"{response.StatusCode}: {await response.Content.ReadAsStringAsync(Token)}");
    }

    [GeneratedRegex(@"--body '(?<body>\{.*?\n\})'", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Body();

    [GeneratedRegex(@"table ""(?<row>\(PartitionKey='token'.*?\))""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
