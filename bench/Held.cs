using System.Diagnostics;
using System.Net.Http.Json;

namespace HlsCache.Bench;

/// <summary>HITs beside requests that are held until an encoder comes: of one film, and of a hundred, each of which is polled for.</summary>
internal static class Held
{
    private const int Requests = 400;
    private const int AtOnce = 8;
    private const int Films = 100;
    private static readonly int[] Sizes = [0, 100, 250, 500, 1000];

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        var (hit, _) = stack.NewFilm();
        await stack.Player.WaitUntilSealedAsync(await stack.Player.PlayAsync(hit, "720p", cancellationToken), cancellationToken);
        var (process, address, _) = await stack.StartAppAsync(BenchStack.Packaged, cancellationToken);
        using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        List<Figure> figures = [];
        // An encoder that is stopped takes no job.
        Signal("STOP", stack.Encoder);
        try
        {
            var films = Enumerable.Range(0, Films).Select(_ => stack.NewFilm().Source).ToList();
            foreach (var (waiting, what) in new[] { (films[..1], "one film"), (films, $"{Films} films") })
            {
                foreach (var size in Sizes)
                {
                    using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    var held = Enumerable.Range(0, size).Select(i => HoldAsync(client, waiting[i % waiting.Count], leave.Token)).ToList();
                    await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
                    figures.Add(new("held", $"{size} held of {what}: POST /api/play, a HIT", await HitAsync(client, hit, cancellationToken), "ms"));
                    process.Refresh();
                    figures.Add(new("held", $"{size} held of {what}: resident", [process.WorkingSet64 / 1e6], "MB"));
                    if (held.Exists(h => h.IsCompleted))
                    {
                        throw new InvalidOperationException("A request that should have been held was answered.");
                    }

                    await leave.CancelAsync();
                    await Task.WhenAll(held);
                }
            }
        }
        finally
        {
            Signal("CONT", stack.Encoder);
            await BenchStack.EndAsync(process);
        }

        return figures;
    }

    private static async Task<IReadOnlyList<double>> HitAsync(HttpClient client, string film, CancellationToken cancellationToken)
    {
        var times = new double[Requests];
        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, token) =>
        {
            var sent = Stopwatch.GetTimestamp();
            using var response = await client.PostAsJsonAsync("/api/play", new { source = film, quality = "720p" }, token);
            response.EnsureSuccessStatusCode();
            times[i] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        });
        return times;
    }

    /// <summary>A native player's request for the master playlist.</summary>
    private static async Task HoldAsync(HttpClient client, string film, CancellationToken leave)
    {
        try
        {
            using var response = await client.GetAsync(new Uri($"/api/play.m3u8?source={film}&quality=720p", UriKind.Relative), leave);
        }
        catch (OperationCanceledException)
        {
            // Held until now.
        }
    }

    private static void Signal(string signal, Process process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }
}
