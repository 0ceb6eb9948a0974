using HlsCache.Core.Entries;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Tests.Stage;

namespace HlsCache.Encoder.Tests.Jobs;

/// <summary>Faults of reading are tried again; only what is wrong with the film itself is final.</summary>
public sealed class ReadFaultTests : IAsyncDisposable
{
    private readonly EncoderStage stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Theory]
    [InlineData("echo \"$8: Input/output error\" >&2; exit 1")]
    [InlineData("echo 'film.mp4: Permission denied' >&2; exit 1")]
    [InlineData("echo '{}'; echo '[matroska,webm @ 0x55] Read error' >&2")]
    [InlineData("kill -9 $$")]
    [InlineData("exit 255")]
    [InlineData("exit 1")]
    public async Task A_first_look_that_failed_for_another_reason_than_the_film_is_tried_again(string script)
    {
        await stage.FilmAsync("film.mp4", 2);
        stage.Replace("ffprobe", $"if [ ! -e {stage.Folder}/once ]; then touch {stage.Folder}/once; {script}; exit; fi\nexec $real \"$@\"");
        var entry = await stage.PlayAsync("film.mp4");

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>();
        (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(
            e => e.State.ShouldBe(EntryState.Encoding), e => e.Failures.ShouldBe(1), e => e.Error.ShouldNotBeNull().ShouldStartWith("The source could not be read"));
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        (await stage.RowAsync(entry)).State.ShouldBe(EntryState.Complete);
    }

    [Theory]
    [InlineData("text.mp4", "This is no film.\n")]
    [InlineData("Permission denied.mp4", "This is no film.\n")]
    public async Task A_file_that_is_no_film_is_refused_at_once(string name, string content)
    {
        await File.WriteAllTextAsync(Path.Join(stage.Media, name), content, Token);
        var entry = await stage.PlayAsync(name);
        await stage.WorkAsync();
        (await stage.RowAsync(entry)).State.ShouldBe(EntryState.Failed);
    }

    [Fact]
    public async Task A_film_that_is_gone_is_refused_and_one_whose_share_is_gone_is_tried_again()
    {
        var file = await stage.FilmAsync("film.mp4", 1);
        var entry = await stage.PlayAsync("film.mp4");
        File.Delete(file);
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>();
        (await stage.RowAsync(entry)).State.ShouldBe(EntryState.Encoding);

        await stage.FilmAsync("another.mp4", 1);
        await stage.WorkAsync();
        (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(e => e.State.ShouldBe(EntryState.Failed), e => e.Error.ShouldBe("The source no longer exists."));
    }

    [Theory]
    [InlineData("film.mkv")]
    [InlineData("film.mp4")]
    public async Task An_end_that_was_not_planned_is_not_believed_when_the_scan_breaks_off_too(string name)
    {
        await CutAsync(name);
        // As when a share drops: the same packets as before, and a word of why there are no more.
        stage.Replace("ffmpeg", "$real \"$@\"; code=$?; case \"$*\" in *framecrc*) echo \"file:x: Input/output error\" >&2;; esac; exit $code");
        var entry = await stage.PlayAsync(name);
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>();
        (await stage.RowAsync(entry)).Error.ShouldNotBeNull().ShouldContain("Input/output error");
        (await stage.Blobs.SizeAsync(entry.Id, Core.Segments.BlobNames.Complete, Token)).ShouldBeNull();
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("kill -9 $$")]
    public async Task An_end_is_not_believed_when_the_scan_fails(string end)
    {
        await CutAsync("film.mkv");
        stage.Replace("ffmpeg", $"$real \"$@\"; code=$?; case \"$*\" in *framecrc*) echo 'something' >&2; {end};; esac; exit $code");
        var entry = await stage.PlayAsync("film.mkv");
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>();
        (await stage.Blobs.SizeAsync(entry.Id, Core.Segments.BlobNames.Complete, Token)).ShouldBeNull();
    }

    [Theory]
    [InlineData("film.mkv")]
    [InlineData("film.mp4")]
    [InlineData("film.ts")]
    public async Task A_film_that_is_cut_in_half_is_sealed_with_what_is_there(string name)
    {
        await CutAsync(name);
        var entry = await stage.PlayAsync(name);
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        (await stage.SealAsync(entry)).Plan.Video.ShouldNotBeNull().Units.ShouldBeInRange(50, 110);
    }

    private async Task CutAsync(string name)
    {
        await stage.FilmAsync($"whole-{name}", ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=6", "-f", "lavfi", "-i", "sine=r=48000:d=6",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", .. name.EndsWith("mp4", StringComparison.Ordinal) ? new[] { "-movflags", "+faststart" } : []]);
        var whole = await File.ReadAllBytesAsync(Path.Join(stage.Media, $"whole-{name}"), Token);
        await File.WriteAllBytesAsync(Path.Join(stage.Media, name), whole.AsMemory(0, whole.Length * 6 / 10), Token);
    }
}
