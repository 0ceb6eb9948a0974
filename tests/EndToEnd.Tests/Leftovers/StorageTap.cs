using System.Text.RegularExpressions;
using HlsCache.Testing.Azurite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace HlsCache.EndToEnd.Tests.Leftovers;

/// <summary>Stands between a process and its account: when storage has done what the test waits for, the process is killed before it learns of that.</summary>
internal sealed partial class StorageTap : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient storage = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Regex? point;
    private Func<Task> act = () => Task.CompletedTask;

    private StorageTap(WebApplication app) => this.app = app;

    /// <summary>What the tapped process gets in place of the account's connection string.</summary>
    public required string ConnectionString { get; init; }

    /// <param name="connectionString">Of the account, as <see cref="AzuriteServer"/> gives it.</param>
    public static async Task<StorageTap> StartAsync(string connectionString, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var endpoints = Endpoint().Matches(connectionString).Select(m => m.Value).Distinct(StringComparer.Ordinal).ToList();
        builder.WebHost.UseUrls([.. endpoints.Select(_ => "http://127.0.0.1:0")]).ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        StorageTap? tap = null;
        var targets = new Dictionary<int, string>();
        app.Run(context => tap!.ForwardAsync(context, targets[context.Connection.LocalPort]));
        await app.StartAsync(cancellationToken);
        foreach (var (url, endpoint) in app.Urls.Zip(endpoints))
        {
            targets[new Uri(url).Port] = endpoint;
            connectionString = connectionString.Replace(endpoint, url, StringComparison.Ordinal);
        }

        return tap = new(app) { ConnectionString = connectionString };
    }

    /// <summary>Acts when storage has answered the first request whose line and body match, and lets nothing through any more.</summary>
    /// <param name="pattern">Matched with the method, the target, the status and the beginning of the body.</param>
    public Task KillAsync(string pattern, Func<Task> kill)
    {
        act = kill;
        point = new(pattern, RegexOptions.Singleline | RegexOptions.NonBacktracking);
        return reached.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        storage.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, string endpoint)
    {
        if (reached.Task.IsCompleted)
        {
            context.Abort();
            return;
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        using var request = new HttpRequestMessage(new(context.Request.Method), new Uri(endpoint + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Content = context.Request.ContentLength is null && body.Length == 0 ? null : new ByteArrayContent(body.ToArray()),
        };
        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key is not ("Host" or "Connection" or "Transfer-Encoding" or "Expect")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using var response = await storage.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        var text = $"{request.Method} {target} {(int)response.StatusCode} {(body.Length < 100_000 ? System.Text.Encoding.UTF8.GetString(body.ToArray()) : "")}";
        if (point?.IsMatch(text) == true)
        {
            point = null;
            await act();
            reached.TrySetResult();
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not ("Connection" or "Transfer-Encoding" or "Keep-Alive")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.NonBacktracking)]
    private static partial Regex Endpoint();
}
