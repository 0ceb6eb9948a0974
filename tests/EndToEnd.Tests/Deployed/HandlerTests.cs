using HlsCache.Testing;
using HlsCache.Testing.Azurite;

namespace HlsCache.EndToEnd.Tests.Deployed;

/// <summary>The deployed executable under a Functions host, whose requests are replayed.</summary>
[Collection(nameof(DeployedGroup))]
public sealed class HandlerTests(ScriptRoot root, AzuriteFixture azurite) : IAsyncLifetime
{
    private const string AdminKey = "the-keepers";
    private const string HostKey = "the-key-of-the-host";
    private const string Schedule = """{"Last":"2026-11-22T00:00:00+00:00","Next":"2026-11-22T00:10:00+00:00","LastUpdated":"0001-01-01T00:00:00"}""";

    private readonly DirectoryInfo media = Directory.CreateTempSubdirectory("hlscache-media-");
    private readonly string account = azurite.Server.NewAccount();
    private Handler handler = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Join(media.FullName, "film.mkv"), "a film", TestContext.Current.CancellationToken);
        handler = await StartAsync(account);
    }

    public async ValueTask DisposeAsync()
    {
        await handler.DisposeAsync();
        media.Delete(recursive: true);
    }

    [Theory]
    [InlineData("sweep", "null")]
    [InlineData("reap", Schedule)]
    [InlineData("daily-stats", Schedule)]
    public async Task A_tick_is_answered_with_the_JSON_without_which_it_would_never_end(string task, string status)
    {
        foreach (var _ in new[] { 1, 2 })
        {
            var reply = await handler.AskAsync(HostRequest.Tick(handler.Port, task, status));
            reply.Status.ShouldBe(200);
            reply.Header("Content-Type").ShouldNotBeNull().ShouldStartWith("application/json");
            reply.Json.GetProperty("Logs")[0].GetString().ShouldNotBeNull().ShouldNotContain("failed");
        }
    }

    [Fact]
    public async Task A_tick_is_answered_while_storage_is_down()
    {
        await using var lonely = await StartAsync($"UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://127.0.0.1:{Handler.FreePort()}");
        var reply = await lonely.AskAsync(HostRequest.Tick(lonely.Port, "daily-stats"));
        reply.Status.ShouldBe(200);
        reply.Body.ShouldBe("""{"Logs":["daily-stats failed; the log says why."],"Outputs":{},"ReturnValue":null}""");
        (await lonely.AskAsync(HostRequest.Proxied(lonely.Port, "GET", "/api/health"))).Status.ShouldBe(503);
    }

    [Theory]
    [InlineData("/sweep")]
    [InlineData("/api/admin/..%5C..%5Csweep")]
    [InlineData("/api/sessions/..%5C..%5C..%5Csweep%3F/end")]
    [InlineData("/api/entries/..%5C..%5C..%5Csweep%3F/verify")]
    [InlineData("/api/admin/..%2F..%2Fsweep")]
    public async Task A_client_cannot_tick(string target)
    {
        string[] requests =
        [
            HostRequest.Proxied(handler.Port, "POST", target, body: "{}"),
            HostRequest.Forwarded("POST", target, body: "{}"),
            HostRequest.Forwarded("POST", target, $"X-Forwarded-Host: 127.0.0.1:{handler.Port}\r\n", "{}"),
        ];
        foreach (var request in requests)
        {
            (await handler.AskAsync(request)).Status.ShouldBeOneOf(401, 404);
        }

        handler.Log.ShouldNotContain("[hls_cache] sweep");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Links_lead_to_where_the_client_asked(string mode)
    {
        foreach (var headers in new[] { "", mode == "forwarded" ? "X-Forwarded-Host: evil.example\r\n" : "" })
        {
            var play = await AskAsync(mode, "POST", "/api/play", headers, """{"source":"/media/film.mkv","quality":"720p"}""");
            play.Status.ShouldBe(202, play.Body);
            play.Json.GetProperty("master").GetString().ShouldStartWith($"https://{HostRequest.Site}/api/hls/");

            var link = await AskAsync(mode, "GET", "/api/play.m3u8?source=/media/film.mkv&quality=720p", headers);
            link.Status.ShouldBe(302);
            link.Header("Location").ShouldStartWith($"https://{HostRequest.Site}/api/hls/");
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_film_of_any_name_is_found(string mode)
    {
        foreach (var name in new[] { "a b.mkv", "a+b.mkv", "a,b.mkv", "50%.mkv", "a%2Fb.mkv", "a&b=c;d.mkv", "Größe ☃ 映画.mkv", "#1.mkv", "'q\".mkv", "sub/é.mkv" })
        {
            var file = Path.Join(media.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, "a film", TestContext.Current.CancellationToken);

            var target = $"/api/play.m3u8?quality=720p&source={Uri.EscapeDataString($"/media/{name}")}&code={HostKey}";
            (await AskAsync(mode, "GET", target)).Status.ShouldBe(302, name);
            (await AskAsync(mode, "HEAD", target)).Status.ShouldBe(302, name);
            var listed = await AskAsync(mode, "GET", $"/api/sources?prefix={Uri.EscapeDataString($"/media/{name[..2]}")}");
            listed.Json.GetProperty("sources").EnumerateArray().Select(item => item.GetProperty("source").GetString()).Contains($"/media/{name}", StringComparer.Ordinal).ShouldBeTrue(name);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_parameter_that_is_given_twice_means_the_same_in_both_modes(string mode)
    {
        await File.WriteAllTextAsync(Path.Join(media.FullName, "1,2"), "a film", TestContext.Current.CancellationToken);
        (await AskAsync(mode, "GET", "/api/play.m3u8?source=/media/1&quality=720p&source=2")).Status.ShouldBe(302);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task The_host_has_asked_for_its_key_and_the_app_asks_for_its_own(string mode)
    {
        (await AskAsync(mode, "GET", "/api/stats", $"x-functions-key: {HostKey}\r\n")).Status.ShouldBe(200);
        (await AskAsync(mode, "GET", "/api/entries", $"x-functions-key: {HostKey}\r\n")).Status.ShouldBe(401);
        (await AskAsync(mode, "GET", "/api/entries", $"x-admin-key: {AdminKey}\r\n")).Status.ShouldBe(200);
        (await AskAsync(mode, "GET", "/player")).Body.ShouldContain("<video");
    }

    [Fact]
    public async Task Without_an_admin_key_what_is_the_operators_is_closed()
    {
        await using var open = await StartAsync(azurite.Server.NewAccount(), ("HlsCache__AdminKey", ""));
        var reply = await open.AskAsync(HostRequest.Proxied(open.Port, "POST", "/api/admin/sweep", $"x-functions-key: {HostKey}\r\n"));
        reply.Status.ShouldBe(401);
        reply.Json.GetProperty("title").GetString().ShouldBe("The admin key is needed: set it as HlsCache__AdminKey and send it as the header x-admin-key.");
    }

    [Fact]
    public async Task It_listens_where_the_host_says_and_not_where_the_host_listens_itself()
    {
        var inherited = Handler.FreePort();
        await using var other = await StartAsync(azurite.Server.NewAccount(), ("ASPNETCORE_URLS", $"http://127.0.0.1:{inherited}"));
        using var client = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(client.GetAsync(new Uri($"http://127.0.0.1:{inherited}/"), TestContext.Current.CancellationToken));
    }

    // The host sends a request that the app drops again, ten times.
    [Fact]
    public async Task A_play_that_is_sent_again_begins_nothing_anew()
    {
        var request = HostRequest.Proxied(handler.Port, "POST", "/api/play", body: """{"source":"/media/film.mkv","quality":"720p"}""");
        var replies = await Task.WhenAll(Enumerable.Range(0, 11).Select(_ => handler.AskAsync(request)));
        replies.ShouldAllBe(reply => reply.Status == 202);
        replies.Select(reply => reply.Json.GetProperty("generation").GetString()).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task No_key_no_token_and_no_signature_is_logged()
    {
        foreach (var mode in new[] { "proxied", "forwarded" })
        {
            var keys = $"x-functions-key: {HostKey}\r\nx-admin-key: {AdminKey}\r\n";
            var play = await AskAsync(mode, "POST", $"/api/play?code={HostKey}", keys, """{"source":"/media/film.mkv","quality":"720p"}""");
            var token = play.Json.GetProperty("master").GetString()!.Split('/')[^2];
            await AskAsync(mode, "PUT", $"/api/sessions/{play.Json.GetProperty("session").GetString()}?t={token}", keys, "{}");
            await AskAsync(mode, "GET", $"/api/hls/{token}/0/video.m3u8", keys);
            await AskAsync(mode, "GET", $"/api/play.m3u8?source=/media/no.mkv&quality=720p&code={HostKey}", keys);
            await AskAsync(mode, "POST", $"/api/admin/sweep?adminKey={AdminKey}&code={HostKey}", keys);
            await AskAsync(mode, "DELETE", $"/api/sessions/{play.Json.GetProperty("session").GetString()}?t={token}", keys);
            handler.Log.ShouldContain("/media/film.mkv");
            foreach (var secret in new[] { HostKey, AdminKey, token, "sig=", "AccountKey" })
            {
                handler.Log.ShouldNotContain(secret);
            }
        }
    }

    [Fact]
    public async Task It_starts_by_itself_and_again_after_a_kill()
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"From the start of the process to its first answer: {handler.Started.TotalMilliseconds:F0} ms");
        await handler.KillAsync();
        await using var next = await StartAsync(azurite.Server.NewAccount());
        (await next.AskAsync(HostRequest.Proxied(next.Port, "GET", "/api/health"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_bad_setting_ends_it_with_a_sentence_and_a_code_that_the_host_takes_for_a_fault()
    {
        await using var broken = Handler.Launch(root.Path, Handler.FreePort(), Settings(azurite.Server.NewAccount(), ("Encode__Crf", "99")));
        (await broken.ExitAsync()).ShouldBe(1);
        broken.Errors.Trim().ShouldBe("Encode__Crf must be between 1 and 51.");
    }

    [Fact]
    public async Task A_setting_that_storage_proves_wrong_ends_it_with_a_fault_too()
    {
        (await handler.AskAsync(HostRequest.Proxied(handler.Port, "GET", "/api/health"))).Status.ShouldBe(200);
        await using var broken = await StartAsync(account, ("HlsCache__ContainerPrefix", "other"));
        await broken.AskAsync(HostRequest.Proxied(broken.Port, "GET", "/api/health"));
        (await broken.ExitAsync()).ShouldBe(1);
        broken.Log.ShouldContain("HlsCache__ContainerPrefix");
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_it_with_a_fault_too()
    {
        await using var second = Handler.Launch(root.Path, handler.Port, Settings(azurite.Server.NewAccount()));
        (await second.ExitAsync()).ShouldBe(1);
        second.Errors.ShouldContain("address already in use");
    }

    public static TheoryData<string> Modes => ["proxied", "forwarded"];

    private Task<Reply> AskAsync(string mode, string method, string target, string headers = "", string? body = null) =>
        handler.AskAsync(mode == "proxied" ? HostRequest.Proxied(handler.Port, method, target, headers, body) : HostRequest.Forwarded(method, target, headers, body));

    private Task<Handler> StartAsync(string storage, params (string Name, string Value)[] more) => Handler.StartAsync(root.Path, Settings(storage, more));

    private (string Name, string Value)[] Settings(string storage, params (string Name, string Value)[] more) =>
        [("Storage__ConnectionString", storage), ("Sources__media__Path", media.FullName), ("HlsCache__AdminKey", AdminKey), .. more];
}
