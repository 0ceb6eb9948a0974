using System.Diagnostics.Metrics;
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
using HlsCache.Functions.Tests.Stage;
using HlsCache.Service;
using HlsCache.Service.Lifecycle;
using HlsCache.Service.Plays;
using HlsCache.Service.Sessions;
using HlsCache.Service.Stats;
using HlsCache.Service.Upkeep;
using HlsCache.Storage;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Functions.Tests.Lifecycle;

/// <summary>Two instances, two films, encoders, sweeper and reaper over one set of stores.</summary>
internal sealed class PinWorld : IDisposable
{
    private const int Instances = 2;
    private const double OneByte = 1.0 / (1 << 30);

    private readonly FilmRoot films = new();
    private readonly List<ServiceProvider> instances;
    private readonly IEntryStore entries;
    private readonly ISegmentStore segments;
    private readonly FakeEncoder encoder;
    private readonly FakeTimeProvider time;
    private readonly List<PlayOutcome.Playing> viewers = [];
    private readonly Lock gate = new();

    // What is looked at from outside, without a step that others could come between.
    private (IEntryStore Entries, ISessionStore Sessions, ISegmentStore Segments) truth;

    private PinWorld(IServiceCollection stores, FakeTimeProvider time)
    {
        this.time = time;
        stores
            .AddLogging()
            .AddMetrics()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<ISegmentUrls>(new UnsignedSegmentUrls())
            .AddSingleton(new SourceCatalog([films]))
            // Nothing may stay: whatever can be evicted, is. And nobody is refused, however much is watched.
            .Configure<HlsCacheOptions>(o => (o.SizeGb, o.MaxQueuedEncodes) = (OneByte, int.MaxValue))
            .AddCacheParts()
            .AddSingleton(p => new CensusCache(new FakeCensus(), p.GetRequiredService<IMeterFactory>(), time));
        instances = [.. Enumerable.Range(0, Instances).Select(_ => stores.BuildServiceProvider())];
        (entries, segments) = (Get<IEntryStore>(0), Get<ISegmentStore>(0));
        truth = (entries, Get<ISessionStore>(0), segments);
        encoder = new(entries, segments, time);
    }

    /// <summary>In memory, where each call to a store is a step that others may come between.</summary>
    public static PinWorld InMemory()
    {
        var time = new FakeTimeProvider(Samples.Now);
        var probe = new StorageProbe { Before = async _ => await Task.Yield() };
        var truth = (Entries: new InMemoryEntryStore(), Sessions: new InMemorySessionStore(), Segments: new InMemorySegmentStore());
        var segments = new ObservedSegments(truth.Segments, probe);
        return new(
            new ServiceCollection()
                .AddSingleton<IEntryStore>(new ObservedEntries(truth.Entries, probe))
                .AddSingleton<ISessionStore>(new ObservedSessions(truth.Sessions, probe))
                .AddSingleton<ISegmentStore>(segments)
                .AddSingleton<IWorkStore>(new ObservedWork(new InMemoryWorkStore(), probe))
                .AddSingleton<ILeaseStore>(new InMemoryLeaseStore(segments, time))
                .AddSingleton<IJobQueue>(new ObservedQueue(new InMemoryJobQueue(time), probe))
                .AddSingleton<IMaintenanceStore>(new InMemoryMaintenanceStore(time))
                .AddSingleton<ITableMarks>(new InMemoryTableMarks())
                .AddSingleton<IStatsStore>(new InMemoryStatsStore())
                .AddSingleton<IStorageFaults, AzureStorageFaults>(),
            time)
        {
            truth = truth,
        };
    }

    /// <summary>In a real account, where the order is as it comes.</summary>
    public static async Task<PinWorld> InStorageAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = new ConfigurationManager { ["Storage:ConnectionString"] = connectionString };
        var world = new PinWorld(new ServiceCollection().AddSingleton<IConfiguration>(settings).AddHlsCacheStorage(), new(Samples.Now));
        await world.Get<StorageSetup>(0).RunAsync(cancellationToken);
        return world;
    }

    public async Task PlayAsync(int film, int instance, bool own)
    {
        if (await Get<PlayRouter>(instance).PlayAsync(Request(film), own, CancellationToken.None) is PlayOutcome.Playing playing)
        {
            lock (gate)
            {
                viewers.Add(playing);
            }

            await CheckSignatureAsync(playing);
        }
    }

    /// <summary>Somebody stops watching: of a shared session nobody else may notice.</summary>
    public async Task EndAsync(int film, int instance)
    {
        PlayOutcome.Playing? leaving;
        lock (gate)
        {
            leaving = viewers.Find(v => v.Session.Key == Request(film).Key);
            if (leaving is null)
            {
                return;
            }

            viewers.RemoveAll(v => leaving.Session.Own ? v.Session.Id == leaving.Session.Id : ReferenceEquals(v, leaving));
        }

        await Get<SessionBook>(instance).EndAsync(leaving.Session, CancellationToken.None);
        await Get<SessionBook>(instance).EndAsync(leaving.Session, CancellationToken.None);
    }

    /// <summary>An encoder takes what is asked for, and may be cut off at any step by a conflict.</summary>
    public async Task EncodeAsync()
    {
        foreach (var row in await RowsAsync(e => e.State is EntryState.Queued or EntryState.Encoding))
        {
            await segments.CreateAsync(row.Id, CancellationToken.None);
            await using var lease = await Get<ILeaseStore>(0).TryAcquireAsync(row.Id, BlobNames.Writer, CancellationToken.None);
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

    public Task InvalidateAsync(int film, int instance) => Get<Invalidator>(instance).InvalidateAsync(Request(film).Key, evenWatched: false, CancellationToken.None);

    /// <summary>What must hold at every instant: whoever was given a generation and has neither ended nor run out of time still has it.</summary>
    public async Task CheckAsync()
    {
        PlayOutcome.Playing[] watching;
        lock (gate)
        {
            watching = [.. viewers];
        }

        foreach (var viewer in watching)
        {
            var why = $"{viewer.GetType().Name} {viewer.Id}, {(viewer.Session.Own ? "own" : "shared")} session";
            (await truth.Entries.FindAsync(viewer.Id, CancellationToken.None)).ShouldNotBeNull($"The row went under a viewer: {why}.");
            if (viewer is PlayOutcome.Hit)
            {
                (await truth.Segments.SizeAsync(viewer.Id, BlobNames.Complete, CancellationToken.None)).ShouldNotBeNull($"The blobs went under a viewer: {why}.");
            }
        }
    }

    /// <summary>Lets time pass while nobody is in the middle of anything.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        time.Advance(span);
        foreach (var viewer in viewers.ToArray())
        {
            if (await ExpiresAsync(viewer) is not { } end || end <= time.GetUtcNow())
            {
                viewers.Remove(viewer);
            }
        }
    }

    public void Dispose() => instances.ForEach(i => i.Dispose());

    private async Task CheckSignatureAsync(PlayOutcome.Playing playing)
    {
        var session = (await ExpiresAsync(playing)).ShouldNotBeNull("No session stands behind an answer.");
        (playing.Expires + SessionLifetime.ClockSkew).ShouldBeLessThanOrEqualTo(session);
        if (playing is PlayOutcome.Hit hit)
        {
            (Answers.SignedUntil(hit.Blobs.Sas) + SessionLifetime.ClockSkew).ShouldBeLessThanOrEqualTo(session);
        }
    }

    private async Task<DateTimeOffset?> ExpiresAsync(PlayOutcome.Playing viewer) =>
        (await truth.Sessions.FindAsync(viewer.Session.Key, viewer.Session.Id, CancellationToken.None))?.Expires;

    private async Task<IReadOnlyList<Entry>> RowsAsync(Func<Entry, bool> which) =>
        await entries.ListAsync(CancellationToken.None).SelectMany(k => k.Generations.ToAsyncEnumerable()).Where(which).ToListAsync();

    private T Get<T>(int instance)
        where T : notnull => instances[instance].GetRequiredService<T>();

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

        public Task<string?> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}
