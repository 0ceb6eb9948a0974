using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using HlsCache.EndToEnd.Tests.Sources;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.EndToEnd.Tests.Repairs;

/// <summary>A function app, an encoder that counts how often ffmpeg runs, and a film of 7 seconds with sound and a subtitle, sealed once.</summary>
public sealed class RepairStage(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Frames = 175;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hlscache-repair-");
    private readonly string account = azurite.Server.NewAccount();
    private Dictionary<string, string?> settings = [];
    private TestEncoder encoder = null!;
    private int films;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string RunsFile => Path.Join(folder.FullName, "runs");

    public string Film { get; private set; } = "";

    public TestFunctionApp App { get; private set; } = null!;

    public ISegmentStore Segments => encoder.Services.GetRequiredService<ISegmentStore>();

    public IEntryStore Entries => encoder.Services.GetRequiredService<IEntryStore>();

    /// <summary>The arguments of each run of ffmpeg since they were last forgotten.</summary>
    public IReadOnlyList<string> Runs => File.Exists(RunsFile) ? File.ReadAllLines(RunsFile) : [];

    public async ValueTask InitializeAsync()
    {
        var media = Directory.CreateDirectory(Path.Join(folder.FullName, "media")).FullName;
        var cues = Path.Join(folder.FullName, "cues.srt");
        await File.WriteAllTextAsync(cues, "1\n00:00:01,000 --> 00:00:02,000\nHello there\n", Token);
        Film = Path.Join(folder.FullName, "film.mp4");
        await Tool.FfmpegAsync(
            "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=7", "-f", "lavfi", "-i", "sine=440:r=48000:d=7", "-i", cues,
            "-map", "0", "-map", "1", "-map", "2", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", "-c:s", "mov_text", Film);
        var counted = Path.Join(folder.FullName, "ffmpeg");
        await File.WriteAllTextAsync(counted, $"#!/bin/sh\necho \"$*\" >> '{RunsFile}'\nexec ffmpeg \"$@\"\n", Token);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(counted, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        settings = new(StringComparer.Ordinal)
        {
            ["Storage:ConnectionString"] = account,
            ["Sources:media:Path"] = media,
            ["Queue:PollMilliseconds"] = "50",
            ["Encode:Preset"] = "ultrafast",
            ["HlsCache:SegmentSeconds"] = "2",
            ["Encoder:FfmpegPath"] = counted,
        };
        App = await TestFunctionApp.StartAsync(settings);
        encoder = await TestEncoder.StartAsync(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await encoder.DisposeAsync();
        await App.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>A film of its own for a test, played and sealed.</summary>
    internal async Task<(string Source, Entry Entry, Manifest Seal)> SealedAsync(string? file = null)
    {
        var source = $"/media/film-{Interlocked.Increment(ref films)}.mp4";
        File.Copy(file ?? Film, Path.Join(folder.FullName, source));
        var play = await App.PlayOkAsync(source, "360p", 0, cancellationToken: Token);
        var (entry, seal) = await SealOfAsync(play, App);
        File.Delete(RunsFile);
        return (source, entry, seal);
    }

    /// <summary>Waits for the end of what was begun by a play.</summary>
    internal async Task<(Entry Entry, Manifest Seal)> SealOfAsync(JsonElement play, TestFunctionApp host)
    {
        (await SourcePlays.EndOfEncodeAsync(host, play)).GetProperty("state").GetString().ShouldBe("hit");
        var key = EntryKey.Parse(play.GetProperty("key").GetString()).ShouldNotBeNull();
        var entry = (await Entries.ReadAsync(key, Token)).Current.ShouldNotBeNull();
        var seal = Manifest.Read((await Segments.ReadAsync(entry.Id, BlobNames.Complete, Token)).ShouldNotBeNull()).ShouldNotBeNull();
        return (entry, seal);
    }

    /// <summary>Deletes a blob, or changes a bit of its first byte.</summary>
    public async Task DamageAsync(GenerationId id, string name, bool corrupt)
    {
        var blob = new BlobServiceClient(account).GetBlobContainerClient(id.ContainerName("hls")).GetBlobClient(name);
        var bytes = (await blob.DownloadContentAsync(Token)).Value.Content.ToArray();
        await blob.DeleteAsync(cancellationToken: Token);
        if (corrupt)
        {
            bytes[0] ^= 1;
            await Segments.PutAsync(id, name, bytes, Token);
        }
    }

    /// <summary>Puts another init segment in its place, which the seal vouches for.</summary>
    internal async Task ReplaceInitAsync(GenerationId id, Manifest seal, byte[] init)
    {
        var container = new BlobServiceClient(account).GetBlobContainerClient(id.ContainerName("hls"));
        foreach (var name in new[] { "video/init.mp4", BlobNames.Complete })
        {
            await container.DeleteBlobAsync(name, cancellationToken: Token);
        }

        await Segments.PutAsync(id, "video/init.mp4", init, Token);
        var stored = await Segments.ListAsync(id, Token).FirstAsync(b => b.Name == "video/init.mp4", Token);
        var changed = seal with { Blobs = [.. seal.Blobs.Select(b => b.Name == stored.Name ? stored : b)] };
        await Segments.PutAsync(id, BlobNames.Complete, JsonSerializer.SerializeToUtf8Bytes(changed, CoreJson.Default.Manifest), Token);
    }

    /// <summary>Leaves a repair as an encoder leaves it that is killed when it has copied so much.</summary>
    internal async Task<GenerationId> BeginRepairAsync(Entry damaged, Manifest seal, IEnumerable<string> copied)
    {
        var pointer = (await Entries.ReadAsync(damaged.Id.Key, Token)).Pointer.ShouldNotBeNull();
        var plan = seal.Plan with { Generation = Generation.After(damaged.Id.Generation, TimeProvider.System.GetUtcNow()).Value };
        var id = damaged.Id with { Generation = Generation.Parse(plan.Generation)!.Value };
        await Segments.CreateAsync(id, Token);
        await Segments.PutAsync(id, BlobNames.Plan, JsonSerializer.SerializeToUtf8Bytes(plan, CoreJson.Default.EncodePlan), Token);
        foreach (var name in copied)
        {
            (await Segments.CopyAsync(damaged.Id, id, name, Token)).ShouldBe(PutResult.Stored);
        }

        // Its message was never confirmed, so the next play sends one.
        (await Entries.TryStartAsync(
            damaged.WithLengths(plan) with { Id = id, State = EntryState.Encoding, Reason = MissReason.FailedIntegrity, RepairOf = damaged.Id.Generation, Planned = true, EnqueuedAt = null, SentAt = null },
            pointer,
            Token)).ShouldNotBeNull();
        return id;
    }

    public Task DeleteRowAsync(GenerationId id) =>
        new TableServiceClient(account).GetTableClient("entries").DeleteEntityAsync(id.Key.Value, id.Generation.Value, cancellationToken: Token);

    /// <summary>Has the film checked as the operator does; returns what is damaged and the play that joins the repair.</summary>
    internal async Task<(IReadOnlyList<string?> Damaged, JsonElement Play)> VerifyAsync(string source, Entry entry)
    {
        using var response = await App.Client.PostAsync($"/api/entries/{entry.Id.Key}/verify", null, Token);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Token);
        return ([.. answer.GetProperty("damaged").EnumerateArray().Select(d => d.GetString())], await App.PlayOkAsync(source, "360p", 0, cancellationToken: Token));
    }

    /// <summary>An instance that remembers nothing.</summary>
    public Task<TestFunctionApp> AnotherAsync() => TestFunctionApp.StartAsync(settings);

    /// <summary>Checks that the film that a play is answered with decodes, frame by frame, and is as long as the source.</summary>
    internal async Task ShouldPlayAsync(string source)
    {
        var play = await App.PlayOkAsync(source, "360p", 0, cancellationToken: Token);
        play.GetProperty("state").GetString().ShouldBe("hit");
        var master = new Uri(play.GetProperty("master").GetString()!);
        var media = new Uri(master, $"{play.GetProperty("generation").GetString()}/");
        var target = Path.Join(folder.FullName, Guid.NewGuid().ToString("N"));
        var video = await PlayedRendition.DownloadAsync(App.Client, new(media, "video.m3u8"), $"{target}-video.mp4");
        var audio = await PlayedRendition.DownloadAsync(App.Client, new(media, "audio.m3u8"), $"{target}-audio.mp4");
        await Media.DecodeAsync(video.File);
        await Media.DecodeAsync(audio.File);
        var ticks = await Media.TicksAsync(video.File, "v:0");
        ticks.Count.ShouldBe(Frames);
        ticks.Zip(ticks.Skip(1), (a, b) => b - a).Distinct().ShouldHaveSingleItem();
        (await Media.CompareAsync(video.File, Film, "25/1", 640, 360)).ShouldSatisfyAllConditions(d => d.Count.ShouldBe(Frames), d => d.Min().ShouldBeGreaterThan(30));
    }
}
