using System.Globalization;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Keys;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Sources;
using HlsCache.Core.Stats;
using HlsCache.Core.Work;
using HlsCache.Functions.Plays;
using HlsCache.Functions.Sessions;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Functions.Timers;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Functions.Tests.Lifecycle;

/// <summary>Two instances, two films, encoders, sweeper and reaper over one set of stores, each of whose calls is a step that others may come between.</summary>
internal sealed class PinWorld : IDisposable
{
    private const int Instances = 2;

    private readonly InMemoryEntryStore entries = new();
    private readonly InMemorySessionStore sessions = new();
    private readonly InMemorySegmentStore segments = new();
    private readonly InMemoryLeaseStore leases;
    private readonly ObservedEntries steppedEntries;
    private readonly List<ServiceProvider> instances;
    private readonly FilmRoot films = new();
    private readonly FakeEncoder encoder;
    private readonly List<PlayOutcome.Playing> viewers = [];

    public FakeTimeProvider Time { get; } = new(Samples.Now);

    public PinWorld()
    {
        var probe = new StorageProbe { Before = async _ => await Task.Yield() };
        var work = new ObservedWork(new InMemoryWorkStore(), probe);
        var stepped = new ObservedSegments(segments, probe);
        var pins = new ObservedSessions(sessions, probe);
        steppedEntries = new ObservedEntries(entries, probe);
        leases = new(stepped, Time);
        encoder = new(steppedEntries, stepped, Time);
        var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IEntryStore>(steppedEntries)
            .AddSingleton<ISessionStore>(pins)
            .AddSingleton<ISegmentStore>(stepped)
            .AddSingleton<IWorkStore>(work)
            .AddSingleton<ILeaseStore>(leases)
            .AddSingleton<IJobQueue>(new ObservedQueue(new InMemoryJobQueue(Time), probe))
            .AddSingleton<IMaintenanceStore>(new InMemoryMaintenanceStore(Time))
            .AddSingleton<IStatsStore>(new InMemoryStatsStore())
            .AddSingleton<ISegmentUrls>(new UnsignedSegmentUrls())
            .AddSingleton(new SourceCatalog([films]))
            // Nothing may stay: whatever can be evicted, is.
            .Configure<HlsCacheOptions>(o => (o.SizeGb, o.MaxQueuedEncodes) = (0, int.MaxValue))
            .AddCacheParts();
        instances = [.. Enumerable.Range(0, Instances).Select(_ => services.BuildServiceProvider())];
    }

    public async Task PlayAsync(int film, int instance, bool own)
    {
        if (await Get<PlayRouter>(instance).PlayAsync(Request(film), own, CancellationToken.None) is PlayOutcome.Playing playing)
        {
            viewers.Add(playing);
            CheckSignature(playing);
        }
    }

    /// <summary>Somebody stops watching: of a shared session nobody else may notice.</summary>
    public async Task EndAsync(int film, int instance)
    {
        if (viewers.Find(v => v.Session.Key == Request(film).Key) is { } leaving)
        {
            viewers.RemoveAll(v => leaving.Session.Own ? v.Session.Id == leaving.Session.Id : ReferenceEquals(v, leaving));
            await Get<SessionBook>(instance).EndAsync(leaving.Session, CancellationToken.None);
            await Get<SessionBook>(instance).EndAsync(leaving.Session, CancellationToken.None);
        }
    }

    /// <summary>An encoder takes what is asked for, and may be cut off at any step by a conflict.</summary>
    public async Task EncodeAsync()
    {
        foreach (var row in entries.Rows.Where(r => r.State is EntryState.Queued or EntryState.Encoding))
        {
            await segments.CreateAsync(row.Id, CancellationToken.None);
            await using var lease = await leases.TryAcquireAsync(row.Id, BlobNames.Writer, CancellationToken.None);
            try
            {
                await (lease is null ? Task.CompletedTask : encoder.SealAsync(row.Id));
            }
            catch (ShouldAssertException)
            {
                // Another changed the row: this encoder is done for.
            }
        }
    }

    public Task RunAsync(string task, int instance) =>
        instances[instance].GetServices<IScheduledTask>().Single(t => t.Name == task).RunAsync(CancellationToken.None);

    public void ReplaceSource(int film) => films.Replace(Request(film).Source);

    /// <summary>An operator's invalidation: no generation in force, and whatever nobody watches goes.</summary>
    public async Task InvalidateAsync(int film)
    {
        var key = Request(film).Key;
        if ((await steppedEntries.ReadAsync(key, CancellationToken.None)).Pointer is { } pointer)
        {
            await steppedEntries.TryPointAsync(pointer with { IsVoid = true }, CancellationToken.None);
        }

        foreach (var row in entries.Rows.Where(r => r.Id.Key == key && r.State == EntryState.Complete))
        {
            await Get<Evictor>(0).TryEvictAsync(row, evenPinned: false, CancellationToken.None);
        }
    }

    /// <summary>What must hold at every instant: whoever was given a generation and has neither ended nor run out of time still has it.</summary>
    public void Check()
    {
        foreach (var viewer in viewers)
        {
            var why = $"{viewer.GetType().Name} {viewer.Id}, {(viewer.Session.Own ? "own" : "shared")} session";
            entries.Rows.Any(r => r.Id == viewer.Id).ShouldBeTrue($"The row went under a viewer: {why}.");
            if (viewer is PlayOutcome.Hit)
            {
                segments.SizeAsync(viewer.Id, BlobNames.Complete, CancellationToken.None).Result.ShouldNotBeNull($"The blobs went under a viewer: {why}.");
            }
        }
    }

    /// <summary>Lets time pass while nobody is in the middle of anything.</summary>
    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        viewers.RemoveAll(v => Expires(v) is not { } end || end <= Time.GetUtcNow());
    }

    private T Get<T>(int instance)
        where T : notnull => instances[instance].GetRequiredService<T>();

    private void CheckSignature(PlayOutcome.Playing playing)
    {
        var session = Expires(playing).ShouldNotBeNull("No session stands behind an answer.");
        (playing.Expires + SessionLifetime.ClockSkew).ShouldBeLessThanOrEqualTo(session);
        if (playing is PlayOutcome.Hit hit)
        {
            var signed = DateTimeOffset.FromUnixTimeSeconds(long.Parse(hit.Blobs.Sas.Split("se=")[1], CultureInfo.InvariantCulture));
            (signed + SessionLifetime.ClockSkew).ShouldBeLessThanOrEqualTo(session);
        }
    }

    public void Dispose() => instances.ForEach(i => i.Dispose());

    private DateTimeOffset? Expires(PlayOutcome.Playing viewer) => sessions.Rows.FirstOrDefault(s => s.Id == viewer.Session.Id)?.Expires;

    private static PlayRequest Request(int film) => Samples.Request($"/media/{film % 2}.mkv");

    /// <summary>Films that exist, in a version that changes.</summary>
    private sealed class FilmRoot : ISourceRoot
    {
        private readonly Dictionary<SourcePath, int> versions = [];

        public string Name => "media";

        public void Replace(SourcePath path) => versions[path] = versions.GetValueOrDefault(path) + 1;

        public Task<SourceFile?> FindAsync(SourcePath path, CancellationToken cancellationToken) =>
            Task.FromResult<SourceFile?>(new(path, 1, $"stamp {versions.GetValueOrDefault(path)}", path.Value));

        public IAsyncEnumerable<SourceFile> ListAsync(string prefix, string? after, CancellationToken cancellationToken) => AsyncEnumerable.Empty<SourceFile>();
    }
}
