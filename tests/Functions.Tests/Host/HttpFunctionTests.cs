using System.Net;
using System.Text.RegularExpressions;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Service.Upkeep;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests.Host;

/// <summary>What the Functions host is told of the app's routes is what the app has, no less and no more.</summary>
public sealed partial class HttpFunctionTests() : AppTests(("HlsCache:ApiKey", "open sesame"), ("HlsCache:AdminKey", "the keeper's"))
{
    [Fact]
    public void Every_route_has_a_function_and_every_function_a_route()
    {
        var functions = HttpFunction.All.SelectMany(f => f.Methods.Select(method => $"{method} /{f.Route}"));

        // The root is the host's own: its page there, and the question whether the app is alive.
        functions.Concat(["get /", "head /"]).Order(StringComparer.Ordinal).ShouldBe(Routes().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_host_asks_for_its_key_where_the_app_would_ask_for_its_own()
    {
        foreach (var function in HttpFunction.All)
        {
            using var request = new HttpRequestMessage(new(function.Methods[0]), "/" + Parameter().Replace(function.Route, "1"));
            using var response = await app.Client.SendAsync(request, Cancelled);
            var asksForKey = response.StatusCode == HttpStatusCode.Unauthorized
                && (await response.Content.ReadAsStringAsync(Cancelled)).Contains("x-functions-key", StringComparison.Ordinal);
            function.AuthLevel.ShouldBe(asksForKey ? "function" : "anonymous", function.Name);
        }
    }

    [Fact]
    public void Every_task_has_a_timer_and_every_timer_a_task()
    {
        var folders = Directory.EnumerateFiles(AppContext.BaseDirectory, "function.json", SearchOption.AllDirectories).Select(file => Path.GetFileName(Path.GetDirectoryName(file)!));

        folders.Except(HttpFunction.All.Select(f => f.Name), StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(
            app.Services.GetServices<IScheduledTask>().Select(task => task.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_and_routes_are_those_that_the_host_takes()
    {
        foreach (var function in HttpFunction.All)
        {
            Name().IsMatch(function.Name).ShouldBeTrue(function.Name);
            // These two are the host's own.
            function.Route.ShouldNotStartWith("admin");
            function.Route.ShouldNotStartWith("runtime");
            // A route of the client's choice would lead it to the ticks.
            function.Route.ShouldNotStartWith("{");
            function.Route.ShouldNotContain("*");
        }
    }

    /// <summary>The app's routes; with OPTIONS where it answers a browser that asks on behalf of a page of another origin.</summary>
    private IEnumerable<string> Routes() => app.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints)
        .OfType<RouteEndpoint>()
        .SelectMany(endpoint => Methods(endpoint).Select(method => $"{method.ToLowerInvariant()} /{endpoint.RoutePattern.RawText!.Trim('/')}"))
        .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) =>
        [.. endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods, .. endpoint.Metadata.GetMetadata<IEnableCorsAttribute>() is null ? [] : (string[])["OPTIONS"]];

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,127}(?<!^host)$", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
