using System.Collections.Concurrent;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Liveness;
using HlsCache.Encoder.Tests.Stage;

namespace HlsCache.Encoder.Tests.Liveness;

public sealed class WorkInHandTests : IAsyncDisposable
{
    private readonly EncoderStage stage = new();

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task An_encode_shows_how_far_it_is_until_it_ends()
    {
        await stage.FilmAsync("film.mp4", "-f", "lavfi", "-i", "color=s=160x90:r=25:d=6", "-c:v", "libx264");
        var entry = await stage.PlayAsync("film.mp4", audio: "none");
        var work = stage.Get<WorkInHand>();
        var seen = new ConcurrentQueue<string>();
        stage.Segments.BeforePut = (name, _) =>
        {
            seen.Enqueue($"{name} {string.Join(';', work.Describe())}");
            return Task.FromResult<Core.Segments.PutResult?>(null);
        };

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        var manifest = await stage.SealAsync(entry);
        var segments = manifest.Plan.Video.ShouldNotBeNull().Grid.Count(manifest.Plan.Video.Units);
        seen.Any(s => s == $"plan.json {entry.Id}: 0 of {segments} segments").ShouldBeTrue(string.Join("\n", seen));
        seen.Any(s => s == $".complete {entry.Id}: {segments} of {segments} segments").ShouldBeTrue(string.Join("\n", seen));
        work.Describe().ShouldBeEmpty();
    }
}
