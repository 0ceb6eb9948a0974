using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Tests.Stage;

namespace HlsCache.Encoder.Tests.Renditions;

/// <summary>Subtitles are extracted to their end, or not at all.</summary>
public sealed class SubtitleTests : IAsyncDisposable
{
    private readonly EncoderStage stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Theory]
    [InlineData("kill -9 $$")]
    [InlineData("exit 255")]
    [InlineData("$real \"$@\"; echo 'file:x: Input/output error' >&2; exit 0")]
    public async Task An_extraction_that_is_broken_off_is_made_again(string end)
    {
        var entry = await PlayAsync();
        stage.Replace("ffmpeg", $"case \"$*\" in *webvtt*) if [ ! -e {stage.Folder}/once ]; then touch {stage.Folder}/once; {end}; fi;; esac\nexec $real \"$@\"");

        await stage.WorkAsync();
        if ((await stage.RowAsync(entry)).State != EntryState.Complete)
        {
            await SealedAsync(entry, exists: false);
            (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        }

        (await stage.SealAsync(entry)).Plan.Subtitles.ShouldAllBe(s => s.Skipped == null);
        await CheckAsync(entry);
    }

    [Fact]
    public async Task Complaints_are_believed_to_mean_nothing_only_when_the_source_can_be_read_to_its_end()
    {
        var entry = await PlayAsync();
        stage.Replace("ffmpeg", """
            case "$*" in
            *webvtt*) $real "$@"; echo 'File ended prematurely' >&2; exit 0;;
            *"0:2"*framecrc*) echo 'file:x: Input/output error' >&2; exit 0;;
            esac
            exec $real "$@"
            """);

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>();
        await SealedAsync(entry, exists: false);

        stage.Replace("ffmpeg", "$real \"$@\"; code=$?; case \"$*\" in *webvtt*) echo 'File ended prematurely' >&2;; esac; exit $code");
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        await CheckAsync(entry);
    }

    [Fact]
    public async Task A_track_that_cannot_be_extracted_says_why_and_the_other_is_there()
    {
        var entry = await PlayAsync();
        stage.Replace("ffmpeg", "case \"$*\" in *'-map 0:3 -c:s'*) echo 'Odd subtitles' >&2; exit 1;; esac\nexec $real \"$@\"");

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        (await stage.SealAsync(entry)).Plan.Subtitles.Select(s => s.Skipped).ShouldBe([null, "Odd subtitles"]);
    }

    [Fact]
    public async Task What_is_being_extracted_has_no_name_that_could_be_left_behind()
    {
        var entry = await PlayAsync();
        stage.Replace("ffmpeg", $"for a in \"$@\"; do case $a in /proc/*) readlink $a >> {stage.Folder}/links;; esac; done\nexec $real \"$@\"");

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        var links = await File.ReadAllLinesAsync(Path.Join(stage.Folder, "links"), Token);
        links.Length.ShouldBe(2);
        links.ShouldAllBe(l => l.EndsWith(" (deleted)", StringComparison.Ordinal));
        await CheckAsync(entry);
    }

    private async Task<Entry> PlayAsync()
    {
        var cues = Path.Join(stage.Folder, "cues.srt");
        await File.WriteAllTextAsync(cues, "1\n00:00:00,500 --> 00:00:01,000\nHello there\n\n2\n00:00:01,200 --> 00:00:01,800\nGood bye\n", Token);
        await stage.FilmAsync("film.mkv", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=2", "-f", "lavfi", "-i", "sine=r=48000:d=2", "-i", cues, "-i", cues,
            "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-c:s", "srt");
        return await stage.PlayAsync("film.mkv");
    }

    private async Task CheckAsync(Entry entry)
    {
        await SealedAsync(entry, exists: true);
        foreach (var track in new[] { 0, 1 })
        {
            var text = System.Text.Encoding.UTF8.GetString((await stage.Blobs.ReadAsync(entry.Id, BlobNames.Subtitle(track), Token)).ShouldNotBeNull());
            text.ShouldStartWith("WEBVTT");
            text.ShouldContain("Good bye");
        }
    }

    private async Task SealedAsync(Entry entry, bool exists) => ((await stage.Blobs.ReadAsync(entry.Id, BlobNames.Complete, Token)) is not null).ShouldBe(exists);
}
