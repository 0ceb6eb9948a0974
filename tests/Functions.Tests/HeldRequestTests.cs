using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>Requests that wait for an encoder cost those that do not wait nothing.</summary>
public sealed class HeldRequestTests : AppTests
{
    // As many as an instance is given at once: docs/functions-host.md.
    private const int PerInstance = 500;

    [Fact]
    public async Task A_HIT_is_answered_beside_as_many_as_an_instance_may_hold()
    {
        await cloud.SealedFilmAsync();
        cloud.Films.Write("other.mkv", "another film");
        var waiting = await app.PlayFilmAsync(source: "/media/other.mkv");
        using var leave = new CancellationTokenSource();
        var held = Enumerable.Range(0, PerInstance).Select(_ => HoldAsync(waiting.Master(), leave.Token)).ToList();

        var play = await app.PlayFilmAsync();
        play.Text("state").ShouldBe("hit");
        (await app.ReadAsync(play.Master())).ShouldContain("video.m3u8");

        held.Count(request => request.IsCompleted).ShouldBe(0);
        await leave.CancelAsync();
        await Task.WhenAll(held);
    }

    private async Task HoldAsync(string master, CancellationToken leave)
    {
        try
        {
            using var response = await app.Client.GetAsync(master, leave);
        }
        catch (OperationCanceledException)
        {
            // Held until now.
        }
    }
}
