using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Testing.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HlsCache.Bench;

/// <summary>What a HIT asks of the app, request by request, against an endpoint of the same app that does one table read and nothing else.</summary>
internal static class HitPath
{
    private const int Rounds = 5;
    private const int Requests = 400;
    private const int AtOnce = 8;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        var (film, _) = stack.NewFilm();
        await stack.Player.WaitUntilSealedAsync(await stack.Player.PlayAsync(film, "720p", cancellationToken), cancellationToken);
        var sealedPlay = await stack.Player.PlayAsync(film, "720p", cancellationToken);
        var id = new GenerationId(EntryKey.Parse(sealedPlay.GetProperty("key").GetString())!.Value, Generation.Parse(sealedPlay.GetProperty("generation").GetString())!.Value);
        await using var app = await TestFunctionApp.StartAsync(
            stack.Settings,
            map: routes => routes.MapGet("/bare", async (IEntryStore entries, CancellationToken token) => TypedResults.Text((await entries.FindAsync(id, token))!.State.ToString())));

        var master = (await app.PlayOkAsync(film, "720p", cancellationToken: cancellationToken)).GetProperty("master").GetString()!;
        var playlist = await app.Client.GetStringAsync(master, cancellationToken);
        var video = new Uri(new Uri(master), playlist.Split('\n').First(l => l.Length > 0 && l[0] != '#')).ToString();
        (string Name, Func<Task<HttpResponseMessage>> Ask)[] asked =
        [
            ("POST /api/play", () => app.PlayAsync(film, "720p", cancellationToken: cancellationToken)),
            ("master.m3u8", () => app.Client.GetAsync(master, cancellationToken)),
            ("video.m3u8", () => app.Client.GetAsync(video, cancellationToken)),
            ("audio.m3u8", () => app.Client.GetAsync(video.Replace("/video.m3u8", "/audio.m3u8", StringComparison.Ordinal), cancellationToken)),
        ];

        var figures = new List<Figure>();
        await RunAsync(() => app.Client.GetAsync("/bare", cancellationToken));
        foreach (var (name, ask) in asked)
        {
            await RunAsync(ask);
            List<Load> bare = [], ours = [];
            for (var i = 0; i < Rounds; i++)
            {
                bare.Add(await RunAsync(() => app.Client.GetAsync("/bare", cancellationToken)));
                ours.Add(await RunAsync(ask));
            }

            figures.Add(new("hit-path", $"{name}, 8 at once", [.. ours.Select(l => l.Rate)], "req/s"));
            figures.Add(Figure.Ratio("hit-path", $"{name}: requests/s / one table read's", [.. ours.Select(l => l.Rate)], [.. bare.Select(l => l.Rate)]));
            figures.Add(Figure.Ratio("hit-path", $"{name}: p50 / one table read's", [.. ours.Select(l => l.Median)], [.. bare.Select(l => l.Median)]));
            figures.Add(Figure.Ratio("hit-path", $"{name}: p99 / one table read's", [.. ours.Select(l => l.P99)], [.. bare.Select(l => l.P99)]));
        }

        return figures;
    }

    private static async Task<Load> RunAsync(Func<Task<HttpResponseMessage>> ask)
    {
        var times = new double[Requests];
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, token) =>
        {
            var sent = Stopwatch.GetTimestamp();
            using var response = await ask();
            await response.EnsureSuccessStatusCode().Content.CopyToAsync(Stream.Null, token);
            times[i] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        });
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Array.Sort(times);
        return new(Requests / took, times[Requests / 2], times[Requests * 99 / 100]);
    }

    private sealed record Load(double Rate, double Median, double P99);
}
