using System.Globalization;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.EndToEnd.Tests.Processes;
using HlsCache.EndToEnd.Tests.Sources;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;

namespace HlsCache.EndToEnd.Tests.Soak;

/// <summary>One film and an encoder that is killed again and again.</summary>
[Trait("Category", "Soak")]
public sealed class KilledEncoderTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Kills = 30;
    private const int Seconds = 90;
    private const int FramesPerSecond = 25;
    private const string Film = "long.mkv";

    // Of every second death. The others come behind new segments, so that the film is never given up for want of progress.
    private const int OneOfSoManyIsEarly = 5;

    private readonly SoakDeployment soak = new(azurite.Server.NewAccount(), "medium");
    private readonly Dictionary<string, int> encodes = new(StringComparer.Ordinal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Source => Path.Join(soak.Folder, Film);

    private TestFunctionApp App => soak.App;

    public async ValueTask InitializeAsync()
    {
        var cues = Path.Join(soak.Folder, "cues.srt");
        await File.WriteAllTextAsync(cues, "1\n00:00:01,000 --> 00:00:02,000\nHello there\n\n2\n00:01:25,000 --> 00:01:26,000\nGood bye\n", Token);
        await Tool.FfmpegAsync(
            "-f", "lavfi", "-i", $"testsrc2=s=960x540:r={FramesPerSecond}:d={Seconds}", "-f", "lavfi", "-i", $"sine=440:r=48000:d={Seconds}", "-i", cues,
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-c:a", "aac", "-c:s", "srt", Source);
        await soak.StartAsync();
    }

    public ValueTask DisposeAsync() => soak.DisposeAsync();

    [Fact]
    public async Task A_film_survives_thirty_deaths_of_its_encoder_and_nothing_is_encoded_more_than_twice()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SOAK_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"SOAK_SEED={seed}");
        TestContext.Current.SendDiagnosticMessage($"SOAK_SEED={seed}");
        var random = new Random(seed);
        var play = await App.PlayOkAsync($"/media/{Film}", "720p", audio: 0, cancellationToken: Token);

        for (var kill = 0; kill < Kills; kill++)
        {
            await RunAndKillAsync(random, isEarly: kill % 2 == 1 && random.Next(OneOfSoManyIsEarly) == 0);
            (await soak.EntryAsync(play)).State.ShouldNotBe(EntryState.Complete, $"It was done before death {kill + 1} of {Kills} (seed {seed}).");
            await soak.ForgetMessagesAsync();
            await soak.FreeAsync(play);
        }

        await using (var last = EncoderProcess.Start(soak.Settings))
        {
            var end = await SourcePlays.EndOfEncodeAsync(App, play);
            end.GetProperty("state").GetString().ShouldBe("hit", last.Output);
            await last.KillAsync();
            await CountAsync(last);
        }

        encodes.Where(e => e.Value > 2).ShouldBeEmpty($"seed {seed}");
        await CheckAsync();
        await NothingIsLeftAsync();
    }

    /// <summary>Lets an encoder work until a moment that chance decides.</summary>
    private async Task RunAndKillAsync(Random random, bool isEarly)
    {
        await using var encoder = EncoderProcess.Start(soak.Settings);
        var pictures = isEarly ? 0 : random.Next(1, 4);
        // Storage has a moment to take what came last, or chance would try the same segment again.
        var pause = TimeSpan.FromMilliseconds(isEarly ? random.Next(1500) : random.Next(100, 300));
        while (pictures > 0)
        {
            var name = await encoder.Encoded.ReadAsync(Token);
            Count(name);
            pictures -= name.StartsWith("video/", StringComparison.Ordinal) ? 1 : 0;
        }

        await Task.Delay(pause, Token);
        await encoder.KillAsync();
        await CountAsync(encoder);
    }

    private async Task CountAsync(EncoderProcess encoder)
    {
        await foreach (var name in encoder.Encoded.ReadAllAsync(Token))
        {
            Count(name);
        }
    }

    private void Count(string name) => encodes[name] = encodes.GetValueOrDefault(name) + 1;

    private async Task CheckAsync()
    {
        var hit = await App.PlayOkAsync($"/media/{Film}", "720p", audio: 0, cancellationToken: Token);
        hit.GetProperty("state").GetString().ShouldBe("hit");
        var master = new Uri(hit.GetProperty("master").GetString()!);
        var text = await App.Client.GetStringAsync(master, Token);
        Uri Media(string type) => new(master, text.Split('\n').First(l => l.Contains($"TYPE={type}", StringComparison.Ordinal)).Split("URI=\"")[1].TrimEnd('"'));

        var video = await PlayedRendition.DownloadAsync(App.Client, new(master, text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]), Path.Join(soak.Folder, "video.mp4"));
        await Sources.Media.DecodeAsync(video.File);
        var ticks = await Sources.Media.TicksAsync(video.File, "v:0");
        var frames = (await soak.EntryAsync(hit)).VideoUnits;
        // The sound's priming makes the picture begin half a frame late, which gives one more.
        frames.ShouldBeInRange(Seconds * FramesPerSecond, (Seconds * FramesPerSecond) + 1);
        ticks.Count.ShouldBe((int)frames);
        ticks.Zip(ticks.Skip(1), (a, b) => b - a).Distinct().ShouldHaveSingleItem();
        (await Sources.Media.BrightnessAsync(video.File)).Length.ShouldBe(ticks.Count);
        (await Sources.Media.CompareAsync(video.File, Source, $"{FramesPerSecond}/1", 960, 540)).Min().ShouldBeGreaterThan(25);

        var audio = await PlayedRendition.DownloadAsync(App.Client, Media("AUDIO"), Path.Join(soak.Folder, "audio.mp4"));
        await Sources.Media.DecodeAsync(audio.File);
        var beats = await Sources.Media.TicksAsync(audio.File, "a:0");
        beats.Zip(beats.Skip(1), (a, b) => b - a).ShouldAllBe(d => d == 1024);
        (beats.Count * 1024 / 48_000.0).ShouldBe(Seconds, 0.1);
        var heard = await Sources.Media.SoundAsync(audio.File, "a:0");
        var source = await Sources.Media.SoundAsync(Source, "a:0");
        // Not the last tenth of a second, which the end of the film bends.
        heard.Zip(source, (a, b) => Math.Abs(a - b) / 32768.0).Take((Seconds * 48_000) - 4_800).Max().ShouldBeLessThan(0.05);

        var subtitles = await App.Client.GetStringAsync(Media("SUBTITLES"), Token);
        (await App.Client.GetStringAsync(new Uri(subtitles.Split('\n').First(l => l.StartsWith("http", StringComparison.Ordinal))), Token)).ShouldContain("Good bye");
    }

    private async Task NothingIsLeftAsync()
    {
        // An ffmpeg whose encoder is dead ends when it next writes.
        for (var i = 0; i < 100 && Running().Any(); i++)
        {
            await Task.Delay(100, Token);
        }

        Running().ShouldBeEmpty();
        Directory.GetFiles(Path.GetTempPath(), "hlscache-*").ShouldBeEmpty();
    }

    private IEnumerable<string> Running() => Directory.EnumerateDirectories("/proc").Select(CommandLine).Where(line => line.Contains(Source, StringComparison.Ordinal));

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Join(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It ended meanwhile, or is no process.
        }
    }
}
