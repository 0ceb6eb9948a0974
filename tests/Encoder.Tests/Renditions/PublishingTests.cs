using System.Text.Json;
using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Tests.Stage;

namespace HlsCache.Encoder.Tests.Renditions;

/// <summary>What an upload's answer means: nothing is published on top of what another began.</summary>
public sealed class PublishingTests : IAsyncDisposable
{
    private readonly EncoderStage stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task No_segment_follows_an_init_of_another_kind()
    {
        await stage.FilmAsync("film.mp4", "-f", "lavfi", "-i", "color=s=160x90:r=25:d=2", "-c:v", "libx264");
        var entry = await stage.PlayAsync("film.mp4", audio: "none");
        await stage.Blobs.CreateAsync(entry.Id, Token);
        await stage.Blobs.PutAsync(entry.Id, "video/init.mp4", new byte[] { 1, 2, 3 }, Token);
        // Slow storage: the comparison ends when all segments are encoded, which fit into the pipe.
        stage.Replace("ffmpeg", $"$real \"$@\"; code=$?; touch {stage.Folder}/encoded; exit $code");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        stage.Segments.BeforePut = async (name, _) =>
        {
            while (name == "video/init.mp4" && !File.Exists(Path.Join(stage.Folder, "encoded")))
            {
                await Task.Delay(20, limit.Token);
            }

            return null;
        };

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>();

        (await stage.RowAsync(entry)).Error.ShouldNotBeNull().ShouldContain("its init segment differs");
        (await stage.Blobs.ListAsync(entry.Id, Token).Select(b => b.Name).ToListAsync(Token)).ShouldNotContain(name => name.StartsWith("video/seg-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_seal_whose_answer_was_lost_is_adopted()
    {
        await stage.FilmAsync("film.mp4", 1);
        var entry = await stage.PlayAsync("film.mp4");
        stage.Segments.BeforePut = async (name, content) =>
        {
            if (name != BlobNames.Complete)
            {
                return null;
            }

            var first = JsonSerializer.Deserialize(content.Span, CoreJson.Default.Manifest).ShouldNotBeNull() with { EncodeSeconds = 1234 };
            await stage.Blobs.PutAsync(entry.Id, name, JsonSerializer.SerializeToUtf8Bytes(first, CoreJson.Default.Manifest), Token);
            return PutResult.AlreadyThere;
        };

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(e => e.State.ShouldBe(EntryState.Complete), e => e.EncodeSeconds.ShouldBe(1234));
    }

    [Theory]
    [InlineData(BlobNames.Complete)]
    [InlineData(BlobNames.Plan)]
    [InlineData("video/init.mp4")]
    [InlineData("audio/seg-0.m4s")]
    public async Task A_generation_that_is_reclaimed_meanwhile_is_left_alone(string at)
    {
        await stage.FilmAsync("film.mp4", 1);
        var entry = await stage.PlayAsync("film.mp4");
        stage.Segments.BeforePut = (name, _) =>
        {
            if (name == at)
            {
                stage.Blobs.Remove(entry.Id);
            }

            return Task.FromResult<PutResult?>(null);
        };

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>();

        (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(e => e.State.ShouldBe(EntryState.Encoding), e => e.Error.ShouldBeNull());
    }

    [Fact]
    public async Task The_plan_of_an_attempt_that_died_before_it_told_is_followed()
    {
        await stage.FilmAsync("film.mp4", 3);
        var first = await stage.PlayAsync("film.mp4");
        await stage.WorkAsync();
        var plan = (await stage.SealAsync(first)).Plan;

        // The same film as another encoder planned it: in narrower pictures.
        var entry = await stage.PlayAsync("film.mp4", audio: "none");
        await stage.Blobs.CreateAsync(entry.Id, Token);
        plan = plan with { Key = entry.Id.Key.Value, Generation = entry.Id.Generation.Value, Audio = "none", Video = plan.Video! with { Width = 80 }, Sound = null };
        await stage.Blobs.PutAsync(entry.Id, BlobNames.Plan, JsonSerializer.SerializeToUtf8Bytes(plan, CoreJson.Default.EncodePlan), Token);

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        (await stage.SealAsync(entry)).Plan.Video.ShouldBe(plan.Video);
    }
}
