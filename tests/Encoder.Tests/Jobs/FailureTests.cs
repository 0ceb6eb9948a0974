using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Tests.Stage;

namespace HlsCache.Encoder.Tests.Jobs;

/// <summary>What becomes of an attempt that fails.</summary>
public sealed class FailureTests : IAsyncDisposable
{
    private readonly EncoderStage stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task An_attempt_that_came_further_is_followed_by_another_under_the_same_lock()
    {
        await stage.FilmAsync("film.mp4", 20);
        var entry = await stage.PlayAsync("film.mp4", audio: "none");
        // Dies once, in the middle.
        stage.Replace("ffmpeg", $"if [ ! -e {stage.Folder}/once ]; then touch {stage.Folder}/once; $real \"$@\" | head -c 60000; exit 1; fi\nexec $real \"$@\"");
        var locked = 0;
        stage.Segments.AfterPut = _ => locked += stage.Leases.IsHeld(entry.Id, BlobNames.Writer) ? 0 : 1;

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(e => e.State.ShouldBe(EntryState.Complete), e => e.ReadyAtClaim.ShouldBeGreaterThan(0));
        locked.ShouldBe(0);
    }

    [Fact]
    public async Task A_film_that_a_newer_version_is_at_is_left_to_its_encoders()
    {
        await stage.FilmAsync("film.mp4", 1);
        var entry = await stage.PlayAsync("film.mp4");
        stage.Entries.Upgrade(entry.Id);

        (await stage.WorkAsync()).ShouldBe(new JobOutcome.HandBack(TimeSpan.FromSeconds(15)));
    }

    [Fact]
    public async Task An_attempt_that_came_no_further_is_handed_back()
    {
        await stage.FilmAsync("film.mp4", 1);
        var entry = await stage.PlayAsync("film.mp4");
        stage.Replace("ffmpeg", $"echo x >> {stage.Folder}/runs; echo 'Out of luck' >&2; exit 1");

        (await stage.WorkAsync()).ShouldBe(new JobOutcome.HandBack(TimeSpan.FromSeconds(2)));

        (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(e => e.Failures.ShouldBe(1), e => e.Error.ShouldNotBeNull().ShouldContain("Out of luck"));
    }

    [Fact]
    public async Task An_attempt_that_comes_further_each_time_is_handed_back_behind_its_second_one()
    {
        await stage.FilmAsync("film.mp4", 40);
        var entry = await stage.PlayAsync("film.mp4", audio: "none");
        stage.Replace("ffmpeg", $"case \"$*\" in *framecrc*) exec $real \"$@\";; esac; echo x >> {stage.Folder}/runs; $real \"$@\" | head -c 60000; exit 1");

        (await stage.WorkAsync()).ShouldBe(new JobOutcome.HandBack(TimeSpan.FromSeconds(2)));

        (await File.ReadAllLinesAsync(Path.Join(stage.Folder, "runs"), Token)).Length.ShouldBe(2);
        (await stage.RowAsync(entry)).State.ShouldBe(EntryState.Encoding);
    }

    [Fact]
    public async Task A_cause_that_nobody_foresaw_is_told_when_the_film_is_given_up()
    {
        await stage.FilmAsync("film.mp4", 1);
        var entry = await stage.PlayAsync("film.mp4");
        stage.Segments.BeforePut = (name, _) => name.EndsWith(".m4s", StringComparison.Ordinal) ? throw new OverflowException("Too much.\nAnd more.") : Task.FromResult<PutResult?>(null);

        for (var i = 0; i < 5; i++)
        {
            (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>();
        }

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.GiveUp>();
        (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(
            e => e.State.ShouldBe(EntryState.Failed), e => e.Error.ShouldBe("The encoder met an error that it does not know: Too much."));
        stage.Blobs.Containers.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_that_is_replaced_in_the_middle_ends_the_generation_at_once()
    {
        await stage.FilmAsync("film.mp4", 20);
        var entry = await stage.PlayAsync("film.mp4");
        stage.Segments.AfterPut = name =>
        {
            if (name == "video/seg-3.m4s")
            {
                File.SetLastWriteTimeUtc(Path.Join(stage.Media, "film.mp4"), DateTime.UnixEpoch);
            }
        };

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        await ReplacedAsync(entry);
    }

    [Fact]
    public async Task A_source_that_is_replaced_by_one_that_cannot_be_encoded_on_ends_the_generation_at_once()
    {
        var file = await stage.FilmAsync("film.mp4", 2);
        var entry = await stage.PlayAsync("film.mp4");
        // Swapped between the look and the encode.
        stage.Replace("ffmpeg", $"[ $(stat -c %s {file}) = 1 ] || printf x > {file}; exec $real \"$@\"");

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        await ReplacedAsync(entry);
    }

    private async Task ReplacedAsync(Entry entry)
    {
        (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(
            e => e.State.ShouldBe(EntryState.Failed), e => e.Error.ShouldBe("The source was replaced during its encode; play it again."), e => e.FailedAt.ShouldNotBeNull());
        (await stage.Blobs.ReadAsync(entry.Id, BlobNames.Complete, Token)).ShouldBeNull();
    }
}
