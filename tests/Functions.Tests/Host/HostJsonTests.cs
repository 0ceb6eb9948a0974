using System.Text.Json;
using HlsCache.Functions.Admin;
using HlsCache.Service.Upkeep;

namespace HlsCache.Functions.Tests.Host;

/// <summary>What <c>host.json</c> tells the Functions host.</summary>
public sealed class HostJsonTests
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(229);

    private static readonly JsonElement Host = JsonDocument.Parse(File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "host.json"))).RootElement;

    [Fact]
    public void It_names_our_executable_and_leaves_paths_as_they_are()
    {
        var handler = Host.GetProperty("customHandler");
        File.Exists(Path.Join(AppContext.BaseDirectory, handler.GetProperty("description").GetProperty("defaultExecutablePath").GetString())).ShouldBeTrue();
        Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString().ShouldBe("");
    }

    [Fact]
    public void Requests_are_proxied_not_forwarded()
    {
        var handler = Host.GetProperty("customHandler");
        handler.GetProperty("enableProxyingHttpRequest").GetBoolean().ShouldBeTrue();
        handler.TryGetProperty("enableForwardingHttpRequest", out _).ShouldBeFalse();
    }

    [Fact]
    public void The_host_tells_nothing_of_requests_whose_paths_hold_tokens()
    {
        var levels = Host.GetProperty("logging").GetProperty("logLevel");
        levels.GetProperty("Host.Results").GetString().ShouldBe("None");
        levels.GetProperty("Microsoft").GetString().ShouldBe("Warning");
        Host.GetProperty("logging").GetProperty("applicationInsights").GetProperty("httpAutoCollectionOptions")
            .GetProperty("enableHttpTriggerExtendedInfoCollection").GetBoolean().ShouldBeFalse();
    }

    // The host kills the whole process over one invocation that takes longer.
    [Fact]
    public void Nothing_takes_as_long_as_the_host_allows()
    {
        var limit = TimeSpan.Parse(Host.GetProperty("functionTimeout").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        foreach (var longest in new[] { TaskRunner.Patience, ProgressStream.Longest, LongestHold })
        {
            (limit - longest).ShouldBeGreaterThan(TimeSpan.FromMinutes(1));
        }
    }
}
