using System.Diagnostics;
using System.Text.Json;
using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Keys;
using HlsCache.Core.Leases;
using HlsCache.Core.Segments;
using HlsCache.Core.Sources;
using HlsCache.Core.Work;
using HlsCache.Encoder.Jobs;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Encoder.Tests.Stage;

/// <summary>The encoder as it is wired, on stores in memory, with real ffmpeg or a script in its place.</summary>
internal sealed class EncoderStage : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hlscache-stage-").FullName;
    private readonly Dictionary<string, string?> settings = new(StringComparer.Ordinal);
    private readonly Lazy<ServiceProvider> services;
    private readonly Lazy<RemoteRoot> remote;

    public EncoderStage()
    {
        Segments = new(Blobs);
        EntryWrites = new(Entries);
        Leases = new(Blobs, TimeProvider.System);
        Directory.CreateDirectory(Media);
        remote = new(() => new(Media));
        foreach (var program in new[] { "ffmpeg", "ffprobe" })
        {
            Replace(program, "exec $real \"$@\"");
            settings[$"Encoder:{char.ToUpperInvariant(program[0])}{program[1..]}Path"] = Path.Join(folder, program);
        }

        services = new(Build);
    }

    public InMemorySegmentStore Blobs { get; } = new();

    public HookedSegmentStore Segments { get; }

    public InMemoryEntryStore Entries { get; } = new();

    /// <summary>The entries as the encoder sees them.</summary>
    public HookedEntryStore EntryWrites { get; }

    public InMemoryLeaseStore Leases { get; }

    public InMemoryJobQueue Queue { get; } = new(TimeProvider.System);

    public string Media => Path.Join(folder, "media");

    public string Folder => folder;

    /// <summary>The same films, not on this machine. Who asks for it before anything else has the encoder read them from there.</summary>
    public RemoteRoot Remote => remote.Value;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => services.Value.GetRequiredService<T>();

    /// <summary>Puts a shell script in the place of ffmpeg or ffprobe; <c>$real</c> is the real one.</summary>
    public void Replace(string program, string script)
    {
        var file = Path.Join(folder, $"{program}.new");
        File.WriteAllText(file, $"#!/bin/sh\nreal={program}\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        File.Move(file, Path.Join(folder, program), overwrite: true);
    }

    /// <summary>Makes a film among the sources.</summary>
    public async Task<string> FilmAsync(string name, params IEnumerable<string> arguments)
    {
        var file = Path.Join(Media, name);
        using var make = Process.Start("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments, file]);
        await make.WaitForExitAsync(Token);
        make.ExitCode.ShouldBe(0);
        return file;
    }

    /// <summary>Makes a film of picture and tone.</summary>
    public Task<string> FilmAsync(string name, double seconds = 6) => FilmAsync(name, [
        "-f", "lavfi", "-i", $"testsrc2=s=160x90:r=25:d={seconds}", "-f", "lavfi", "-i", $"sine=440:r=48000:d={seconds}",
        "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac"]);

    /// <summary>The row and the message of a first play.</summary>
    public async Task<Entry> PlayAsync(string name, string quality = "360p", string audio = "0", string? secret = null)
    {
        var request = Samples.Request($"/media/{name}", quality, audio) with { Private = secret };
        var stamp = (await Get<SourceCatalog>().FindAsync(request.Source, Token))?.Stamp ?? "stamp";
        var entry = (await Entries.TryStartAsync(Samples.Entry(request) with { Stamp = stamp, Profile = Samples.Profile with { Preset = "ultrafast", SegmentSeconds = 1 } }, null, Token)).ShouldNotBeNull();
        await Queue.SendAsync(EncodeJob.For(entry), TimeSpan.FromHours(1), Token);
        return entry;
    }

    /// <summary>Takes the next job and works on it, once.</summary>
    public Task<JobOutcome> WorkAsync() => WorkUntilAsync(Token);

    /// <summary>The same for an encoder that may be told to stop.</summary>
    public async Task<JobOutcome> WorkUntilAsync(CancellationToken stopping)
    {
        await using var job = await Queue.ReceiveAsync(Token);
        var outcome = await Get<JobHandler>().HandleAsync(job, stopping);
        await (outcome is JobOutcome.HandBack ? job.AbandonAsync(TimeSpan.Zero, Token) : job.CompleteAsync(Token));
        return outcome;
    }

    public async Task<Entry> RowAsync(Entry entry) => (await Entries.FindAsync(entry.Id, Token)).ShouldNotBeNull();

    /// <summary>The row in force.</summary>
    public async Task<Entry> RowAsync(PlayRequest request) => (await Entries.ReadAsync(request.Key, Token)).Current.ShouldNotBeNull();

    public async Task<Manifest> SealAsync(Entry entry) =>
        JsonSerializer.Deserialize((await Blobs.ReadAsync(entry.Id, BlobNames.Complete, Token)).ShouldNotBeNull(), CoreJson.Default.Manifest).ShouldNotBeNull();

    public async ValueTask DisposeAsync()
    {
        if (services.IsValueCreated)
        {
            await services.Value.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private ServiceProvider Build()
    {
        settings["Sources:media:Path"] = Media;
        settings["Storage:ConnectionString"] = "UseDevelopmentStorage=true";
        var all = new ServiceCollection();
        all.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        all.AddLogging();
        all.AddEncoder();
        all.AddSingleton<IEntryStore>(EntryWrites);
        all.AddSingleton<ISegmentStore>(Segments);
        all.AddSingleton<ILeaseStore>(Leases);
        all.AddSingleton<IWorkStore>(new InMemoryWorkStore());
        all.AddSingleton<IJobQueue>(Queue);
        if (remote.IsValueCreated)
        {
            all.AddSingleton(new SourceCatalog([remote.Value]));
        }

        return all.BuildServiceProvider();
    }
}
