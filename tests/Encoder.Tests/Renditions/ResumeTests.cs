using System.Diagnostics;
using System.Text.Json;
using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Mp4;
using HlsCache.Encoder.Tests.Stage;

namespace HlsCache.Encoder.Tests.Renditions;

/// <summary>An attempt makes what is missing and nothing else, and what it makes fits to what is there.</summary>
public sealed class ResumeTests : IAsyncDisposable
{
    // Two encodes of a tone differ by half of this anywhere; a joint without frames in front of it by ten times that.
    private const double Inaudible = 0.01;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly EncoderStage stage = new();
    private readonly List<string> made = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Theory]
    [InlineData("film.mp4", "video:0-3 audio:0-3")]
    [InlineData("film.mkv", "video:0-3 audio:0-3")]
    [InlineData("film.ts", "video:0-3 audio:0-3")]
    [InlineData("film.mkv", "video:0,2-4,6 audio:0,2-3,6")]
    [InlineData("film.ts", "video:2,5 audio:2,5")]
    [InlineData("pcm-44100.mkv", "video:0-2 audio:1-2,4")]
    public async Task What_is_made_fits_to_what_is_there(string name, string there)
    {
        var (whole, entry, missing) = await ContinueAsync(name, there);

        made.ShouldBe(missing, ignoreOrder: true);
        foreach (var rendition in Enum.GetValues<Rendition>())
        {
            var plan = (await stage.SealAsync(entry)).Plan.Find(rendition).ShouldNotBeNull();
            plan.Units.ShouldBe((await stage.SealAsync(whole)).Plan.Find(rendition)!.Units);
            await OnGridAsync(entry, plan);
        }

        var heard = await SoundAsync(entry);
        var expected = await SoundAsync(whole);
        heard.Length.ShouldBe(expected.Length);
        heard.Zip(expected, (a, b) => Math.Abs(a - b) / 32768.0).Max().ShouldBeLessThan(Inaudible);
    }

    [Fact]
    public async Task Where_all_is_there_but_the_end_is_not_known_it_is_found_without_making_anything_again()
    {
        await ContinueAsync("film.mkv", "video:0-8 audio:0-6");
        made.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("video:0-5 audio:0-3")]
    [InlineData("video:0-4 audio:0-2")]
    public async Task The_end_of_a_film_that_is_cut_short_is_found_again(string there)
    {
        var file = await FilmAsync("whole.mkv");
        var bytes = await File.ReadAllBytesAsync(file, Token);
        await File.WriteAllBytesAsync(Path.Join(stage.Media, "cut.mkv"), bytes.AsMemory(0, bytes.Length * 6 / 10), Token);
        var (whole, entry, missing) = await ContinueAsync("cut.mkv", there);
        made.ShouldBe(missing, ignoreOrder: true);
        (await stage.SealAsync(entry)).Plan.Video.ShouldBe((await stage.SealAsync(whole)).Plan.Video);
    }

    [Fact]
    public async Task Segments_without_an_init_are_not_trusted_to_continue()
    {
        var (_, entry, _) = await ContinueAsync("film.mkv", "video:0-8 audio:0-6", withInit: false);
        (await stage.SealAsync(entry)).Blobs.Select(b => b.Name).ShouldContain(n => n == "video/init.mp4");
    }

    [Fact]
    public async Task A_rendition_that_has_come_to_its_end_is_left_alone()
    {
        await FilmAsync("film.mkv");
        var entry = await stage.PlayAsync("film.mkv");
        // The picture dies at each first try, when the sound is done.
        stage.Replace("ffmpeg", $"""
            case "$*" in *aresample*) echo sound >> {stage.Folder}/runs;; esac
            case "$*" in *libx264*) if [ ! -e {stage.Folder}/once ]; then touch {stage.Folder}/once; "$real" "$@" | head -c 60000; read x < {stage.Folder}/ended; exit 1; fi;; esac
            exec $real "$@"
            """);
        using (var fifo = Process.Start("mkfifo", [Path.Join(stage.Folder, "ended")]))
        {
            await fifo.WaitForExitAsync(Token);
        }

        var work = stage.WorkAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Limit);
        while ((await stage.RowAsync(entry)).AudioEnd is null)
        {
            await Task.Delay(20, limit.Token);
        }

        await File.WriteAllTextAsync(Path.Join(stage.Folder, "ended"), "\n", Token);
        await work;
        (await stage.RowAsync(entry)).State.ShouldBe(EntryState.Complete);
        (await File.ReadAllLinesAsync(Path.Join(stage.Folder, "runs"), Token)).Length.ShouldBe(1);
    }

    /// <summary>Encodes a film whole, then again from some of those segments.</summary>
    private async Task<(Entry Whole, Entry Continued, IReadOnlyList<string> Missing)> ContinueAsync(string name, string there, bool withInit = true)
    {
        if (!File.Exists(Path.Join(stage.Media, name)))
        {
            await FilmAsync(name);
        }

        var whole = await stage.PlayAsync(name);
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        var manifest = await stage.SealAsync(whole);

        var entry = await stage.PlayAsync(name, secret: "a second key of the same bytes");
        await stage.Blobs.CreateAsync(entry.Id, Token);
        var plan = manifest.Plan with { Key = entry.Id.Key.Value, Generation = entry.Id.Generation.Value };
        await stage.Blobs.PutAsync(entry.Id, BlobNames.Plan, JsonSerializer.SerializeToUtf8Bytes(plan, CoreJson.Default.EncodePlan), Token);
        var kept = there.Split(' ').Select(t => t.Split(':')).SelectMany(t => Segments(t[0], IndexSet.Parse(t[1]).ShouldNotBeNull())).ToHashSet(StringComparer.Ordinal);
        foreach (var blob in manifest.Blobs.Where(b => kept.Contains(b.Name) || (withInit && b.Name.EndsWith(".mp4", StringComparison.Ordinal))))
        {
            await stage.Blobs.PutAsync(entry.Id, blob.Name, (await stage.Blobs.ReadAsync(whole.Id, blob.Name, Token)).ShouldNotBeNull(), Token);
        }

        stage.Segments.AfterPut = segment =>
        {
            if (segment.EndsWith(".m4s", StringComparison.Ordinal))
            {
                lock (made)
                {
                    made.Add(segment);
                }
            }
        };
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        (await stage.RowAsync(entry)).State.ShouldBe(EntryState.Complete);
        return (whole, entry, [.. manifest.Blobs.Select(b => b.Name).Where(n => n.EndsWith(".m4s", StringComparison.Ordinal) && !kept.Contains(n))]);
    }

    private static IEnumerable<string> Segments(string folder, IndexSet indexes) =>
        Enumerable.Range(0, indexes.End).Where(indexes.Contains).Select(i => $"{folder}/seg-{i}.m4s");

    private Task<string> FilmAsync(string name) => stage.FilmAsync(name, [
        "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=6.5", "-f", "lavfi", "-i", $"sine=440:r={(name.Contains("44100", StringComparison.Ordinal) ? 44100 : 48000)}:d=6.5",
        "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", name.Contains("pcm", StringComparison.Ordinal) ? "pcm_s16le" : "aac"]);

    /// <summary>Every segment begins where the one before ends.</summary>
    private async Task OnGridAsync(Entry entry, IRenditionPlan plan)
    {
        for (var i = 0; i < plan.Segments; i++)
        {
            var data = (await stage.Blobs.ReadAsync(entry.Id, BlobNames.Segment(plan.Rendition, i), Token)).ShouldNotBeNull();
            var boxes = await BoxReader.ReadAsync(new MemoryStream(data), Token).ToListAsync(Token);
            var (decodeTime, samples) = MovieFragmentBox.Read(boxes[0]);
            decodeTime.ShouldBe(plan.Grid.Start(i) * plan.TicksPerUnit!.Value);
            samples.ShouldBe((int)(Math.Min(plan.Units, plan.Grid.Start(i + 1)) - plan.Grid.Start(i)));
        }
    }

    private async Task<short[]> SoundAsync(Entry entry)
    {
        var plan = (await stage.SealAsync(entry)).Plan.Sound.ShouldNotBeNull();
        var file = Path.Join(stage.Folder, $"{entry.Id}.mp4");
        await using (var joined = File.Create(file))
        {
            foreach (var name in Segments("audio", IndexSet.Range(plan.Grid.Count(plan.Units))).Prepend("audio/init.mp4"))
            {
                await joined.WriteAsync((await stage.Blobs.ReadAsync(entry.Id, name, Token)).ShouldNotBeNull(), Token);
            }
        }

        using var decode = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-xerror", "-i", file, "-ac", "1", "-f", "s16le", $"{file}.pcm"]))!;
        await decode.WaitForExitAsync(Token);
        decode.ExitCode.ShouldBe(0);
        var bytes = await File.ReadAllBytesAsync($"{file}.pcm", Token);
        var samples = new short[bytes.Length / sizeof(short)];
        Buffer.BlockCopy(bytes, 0, samples, 0, bytes.Length);
        return samples;
    }
}
