namespace HlsCache.Local;

/// <summary>The function app, listening by itself.</summary>
internal sealed class FunctionApp(int port) : IDisposable
{
    private readonly HttpClient client = new() { BaseAddress = new($"http://127.0.0.1:{port}") };

    public Uri Player => new(client.BaseAddress!, "player");

    public (string Name, string Value) Address => ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}");

    public void Dispose() => client.Dispose();

    public Task HealthyAsync(CancellationToken cancellationToken) => Poll.UntilAsync(IsHealthyAsync, cancellationToken);

    private async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("api/health", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
