using System.Diagnostics;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Core.Sources;
using HlsCache.Encoder.Inputs;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Renditions;
using HlsCache.Encoder.Tests.Stage;

namespace HlsCache.Encoder.Tests.Inputs;

/// <summary>Films that are not on this machine are encoded like those that are, and what goes wrong with reading them is not held against them.</summary>
public sealed class RemoteFilmTests : IAsyncDisposable
{
    private readonly EncoderStage stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Theory]
    [InlineData("film.mp4")]
    [InlineData("film.mkv")]
    [InlineData("film.ts")]
    public async Task It_is_encoded_to_the_same_bytes(string name)
    {
        await using var here = new EncoderStage();
        File.Copy(await here.FilmAsync(name), Path.Join(stage.Media, name));
        stage.Remote.Name.ShouldBe("media");
        var (near, far) = (await here.PlayAsync(name), await stage.PlayAsync(name));
        (await here.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        (await stage.SealAsync(far)).Blobs.ShouldBe((await here.SealAsync(near)).Blobs);
        stage.Remote.Read.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Original_and_subtitles_are_taken_from_afar_too()
    {
        await File.WriteAllTextAsync(Path.Join(stage.Folder, "cues.srt"), "1\n00:00:01,000 --> 00:00:02,000\nHello there\n", Token);
        stage.Remote.Name.ShouldBe("media");
        await stage.FilmAsync("film.mkv", ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=6", "-i", Path.Join(stage.Folder, "cues.srt"),
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0", "-c:s", "srt"]);
        var entry = await stage.PlayAsync("film.mkv", "original", "none");
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        (await stage.SealAsync(entry)).Plan.ShouldSatisfyAllConditions(p => p.Video.ShouldNotBeNull().IsCopy.ShouldBeTrue(), p => p.Subtitles.ShouldHaveSingleItem().Skipped.ShouldBeNull());
    }

    [Fact]
    public async Task No_command_line_shows_more_than_an_address_on_this_machine()
    {
        foreach (var program in new[] { "ffmpeg", "ffprobe" })
        {
            // Another's proxy must not be asked for what is on this machine.
            stage.Replace(program, $"echo \"$@\" >> {stage.Folder}/lines; http_proxy=http://127.0.0.1:1 exec $real \"$@\"");
        }

        stage.Remote.Name.ShouldBe("media");
        await stage.FilmAsync("secret-name.mp4", 2);
        await stage.PlayAsync("secret-name.mp4");
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        var lines = await File.ReadAllLinesAsync(Path.Join(stage.Folder, "lines"), Token);
        lines.Length.ShouldBe(3);
        lines.ShouldAllBe(line => line.Contains("-protocol_whitelist http,tcp ", StringComparison.Ordinal) && !line.Contains("secret-name", StringComparison.Ordinal));
        lines.Select(line => line.Split(" -i ")[1].Split(' ')[0]).Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        lines.ShouldAllBe(line => line.Split(" -i ", StringSplitOptions.None)[1].StartsWith("http://127.0.0.1:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_film_that_changes_during_its_encode_fails_for_good()
    {
        await FilmOfSomeSizeAsync();
        var entry = await stage.PlayAsync("film.mp4");
        stage.Segments.AfterPut = name =>
        {
            if (name.Contains("seg-2", StringComparison.Ordinal))
            {
                stage.Remote.Before = (_, _) => Task.FromResult(false);
            }
        };
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(e => e.State.ShouldBe(EntryState.Failed), e => e.Error.ShouldBe(Sealer.Replaced));
        (await stage.Blobs.SizeAsync(entry.Id, BlobNames.Complete, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_film_that_cannot_be_read_for_a_while_is_handed_back_and_goes_on_where_it_was()
    {
        await FilmOfSomeSizeAsync();
        var entry = await stage.PlayAsync("film.mp4");
        var made = new List<string>();
        stage.Segments.AfterPut = name =>
        {
            lock (made)
            {
                made.Add(name);
            }

            if (name.Contains("seg-2", StringComparison.Ordinal))
            {
                stage.Remote.Before = (_, _) => throw new SourceUnavailableException("The films of media cannot be read: it is busy.", new IOException());
            }
        };
        for (var i = 0; i < 6; i++)
        {
            (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>().Delay.ShouldBeGreaterThan(TimeSpan.Zero);
            (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(e => e.State.ShouldBe(EntryState.Encoding), e => e.Failures.ShouldBe(0));
        }

        stage.Remote.Before = (_, _) => Task.FromResult(true);
        stage.Segments.AfterPut = name =>
        {
            lock (made)
            {
                made.Add(name);
            }
        };
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        (await stage.RowAsync(entry)).State.ShouldBe(EntryState.Complete);
        made.Where(name => name.Contains("seg-", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Count().ShouldBe(made.Count(name => name.Contains("seg-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Uploads_that_storage_refuses_do_not_count_either()
    {
        await stage.FilmAsync("film.mp4", 2);
        var entry = await stage.PlayAsync("film.mp4");
        stage.Segments.BeforePut = (name, _) => name.Contains("seg-", StringComparison.Ordinal)
            ? throw new TimeoutException("Storage is busy.") : Task.FromResult<PutResult?>(null);
        for (var i = 0; i < 6; i++)
        {
            (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>();
            (await stage.RowAsync(entry)).Failures.ShouldBe(0);
        }

        stage.Segments.BeforePut = (_, _) => Task.FromResult<PutResult?>(null);
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        (await stage.RowAsync(entry)).State.ShouldBe(EntryState.Complete);
    }

    [Theory]
    [InlineData("empty.mp4", "")]
    [InlineData("text.mp4", "This is no film.\n")]
    [InlineData("list.mp4", "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n#EXT-X-ENDLIST\n")]
    [InlineData("script.mp4", "ffconcat version 1.0\nfile /etc/passwd\n")]
    public async Task What_is_no_film_is_refused_without_a_word_of_where_it_is(string name, string content)
    {
        stage.Remote.Name.ShouldBe("media");
        await File.WriteAllTextAsync(Path.Join(stage.Media, name), content, Token);
        var entry = await stage.PlayAsync(name);
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        (await stage.RowAsync(entry)).ShouldSatisfyAllConditions(
            e => e.State.ShouldBe(EntryState.Failed),
            e => e.Error.ShouldNotBeNull().ShouldStartWith("ffmpeg cannot read the source: "),
            e => e.Error!.Contains("127.0.0.1", StringComparison.Ordinal).ShouldBeFalse());
    }

    [Theory]
    [InlineData("film.mov")]
    [InlineData("faststart.mov")]
    [InlineData("film.mkv")]
    public async Task A_seek_into_the_middle_reads_a_small_part(string name)
    {
        stage.Remote.Name.ShouldBe("media");
        var file = await stage.FilmAsync(name, ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=14", "-f", "lavfi", "-i", "sine=r=48000:d=14",
            "-c:v", "rawvideo", "-pix_fmt", "uyvy422", "-c:a", "pcm_s16le", .. name[1] == 'a' ? new[] { "-movflags", "+faststart" } : []]);
        var length = new FileInfo(file).Length;
        length.ShouldBeGreaterThan(150_000_000);
        var source = (await stage.Get<SourceCatalog>().FindAsync(Core.Keys.SourcePath.Parse($"/media/{name}", out _)!.Value, Token)).ShouldNotBeNull();
        using (var input = stage.Get<SourceInputs>().Open(source))
        {
            using var run = Process.Start("ffmpeg", ["-v", "error", "-nostdin", "-ss", "8", "-t", "1", "-i", input.Name, "-map", "0:v", "-f", "null", "-"]);
            await run.WaitForExitAsync(Token);
            run.ExitCode.ShouldBe(0);
        }

        // A second of it is 12 MB; the rest was under way when ffmpeg went elsewhere.
        stage.Remote.Read.ShouldBeLessThan(length / 3);
    }

    private async Task FilmOfSomeSizeAsync()
    {
        stage.Remote.Name.ShouldBe("media");
        // More than is fetched beforehand.
        await stage.FilmAsync("film.mp4", ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=24", "-f", "lavfi", "-i", "sine=r=48000:d=24",
            "-c:v", "mpeg4", "-b:v", "12M", "-minrate", "12M", "-maxrate", "12M", "-bufsize", "1M", "-g", "25", "-c:a", "aac"]);
    }
}
