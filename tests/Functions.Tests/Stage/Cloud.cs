using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Keys;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Stats;
using HlsCache.Core.Tokens;
using HlsCache.Core.Work;
using HlsCache.Service;
using HlsCache.Testing;
using HlsCache.Testing.Hosts;
using HlsCache.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>
/// A deployment without Azure: stores in memory that any number of app instances share, a clock that the test moves, a folder of films, and the
/// encoder's part for the test to play.
/// </summary>
internal sealed class Cloud : IAsyncDisposable
{
    private readonly List<TestFunctionApp> apps = [];
    private readonly FakeEncoder encoder;

    public TestClock Time { get; } = new();

    public InMemoryEntryStore Entries { get; } = new();

    public InMemorySessionStore Sessions { get; } = new();

    public InMemoryWorkStore Work { get; } = new();

    public InMemorySegmentStore Segments { get; } = new();

    public InMemorySigningKeyStore Keys { get; } = new();

    public InMemoryJobQueue Queue { get; }

    public InMemoryStatsStore Stats { get; } = new();

    public InMemoryMaintenanceStore Maintenance { get; }

    public InMemoryTableMarks Marks { get; } = new();

    public FakeCensus Census { get; } = new();

    /// <summary>Which of the app's background services run. None, unless asked for: they wait on the same clock as what is tested.</summary>
    public IReadOnlyList<Type> Background { get; init; } = [];

    public StorageProbe Probe { get; } = new();

    public FakeAccount Account { get; } = new();

    public LogBook Log { get; } = new();

    /// <summary>What the root <c>media</c> holds.</summary>
    public Films Films { get; } = new();

    public Cloud() => (Queue, Maintenance, encoder) = (new(Time), new(Time), new(Entries, Segments, Time));

    /// <summary>Starts another instance.</summary>
    public async Task<TestFunctionApp> StartAsync(Action<IServiceCollection>? replace = null, params (string Name, string Value)[] settings)
    {
        var app = await TestFunctionApp.StartAsync(
            [
                new("Storage:ConnectionString", FakeAccount.ConnectionString),
                new("Sources:media:Path", Films.Folder),
                .. settings.Select(s => new KeyValuePair<string, string?>(s.Name, s.Value)),
            ],
            services =>
            {
                foreach (var idle in services.Where(s => s.ImplementationType is { } type && type.IsSubclassOf(typeof(BackgroundService)) && !Background.Contains(type)).ToList())
                {
                    services.Remove(idle);
                }

                services.AddSingleton<TimeProvider>(Time);
                services.AddSingleton<IEntryStore>(new ObservedEntries(Entries, Probe));
                services.AddSingleton<ISessionStore>(new ObservedSessions(Sessions, Probe));
                services.AddSingleton<IWorkStore>(new ObservedWork(Work, Probe));
                services.AddSingleton<ISegmentStore>(new ObservedSegments(Segments, Probe));
                services.AddSingleton<IJobQueue>(new ObservedQueue(Queue, Probe));
                services.AddSingleton<IStatsStore>(new ObservedStats(Stats, Probe));
                services.AddSingleton<IMaintenanceStore>(Maintenance);
                services.AddSingleton<ITableMarks>(Marks);
                services.AddSingleton<ICacheCensus>(Census);
                services.AddSingleton<ISigningKeyStore>(Keys);
                services.AddSingleton<ISegmentUrls>(new UnsignedSegmentUrls());
                services.AddSingleton<ILoggerProvider>(Log);
                var transport = new HttpClientTransport(new HttpClient(Account, disposeHandler: false));
                services.AddSingleton(new BlobServiceClient(FakeAccount.ConnectionString, new BlobClientOptions { Transport = transport }));
                services.AddSingleton(new QueueServiceClient(FakeAccount.ConnectionString, new QueueClientOptions { Transport = transport }));
                services.AddSingleton(new TableServiceClient(FakeAccount.ConnectionString, new TableClientOptions { Transport = transport }));
                replace?.Invoke(services);
            });
        // A wait that the clock of the test should have ended must not hold up the suite.
        app.Client.Timeout = TimeSpan.FromSeconds(30);
        apps.Add(app);
        return app;
    }

    /// <summary>Does something, and returns when counts have been written after it.</summary>
    public async Task WrittenAsync(Action act)
    {
        var written = new TaskCompletionSource();
        Probe.After = call =>
        {
            if (call == "stats.put")
            {
                written.TrySetResult();
            }

            return Task.CompletedTask;
        };
        act();
        await written.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, CancellationToken.None);
    }

    /// <summary>The row of the key's generation in force.</summary>
    public async Task<Entry> CurrentAsync(EntryKey key) => (await Entries.ReadAsync(key, CancellationToken.None)).Current.ShouldNotBeNull();

    public async Task<Entry> CurrentAsync(JsonElement answer) => await CurrentAsync(answer.Key());

    /// <inheritdoc cref="FakeEncoder.ChangeAsync"/>
    public Task<Entry> ChangeAsync(GenerationId id, Func<Entry, Entry> change) => encoder.ChangeAsync(id, change);

    /// <inheritdoc cref="FakeEncoder.PlanAsync"/>
    public Task<EncodePlan> PlanAsync(GenerationId id, EncodePlan? plan = null) => encoder.PlanAsync(id, plan);

    /// <inheritdoc cref="FakeEncoder.FlipAsync"/>
    public Task<GenerationId> FlipAsync(GenerationId id, PlayRequest canonical) => encoder.FlipAsync(id, canonical);

    /// <inheritdoc cref="FakeEncoder.SealAsync"/>
    public Task<Manifest> SealAsync(GenerationId id, EncodePlan? plan = null) => encoder.SealAsync(id, plan);

    /// <summary>Tells how far the encode has come.</summary>
    public Task ReportAsync(GenerationId id, ReadySet ready, double speed = 0) =>
        Work.PutAsync(new(id, "worker", Time.GetUtcNow(), speed, ready), CancellationToken.None);

    /// <summary>A film that is sealed, as an earlier viewer left it: no session of his is alive.</summary>
    public async Task<Entry> SealedFilmAsync(string source = "/media/film.mkv", EncodePlan? plan = null, string audio = "-1")
    {
        var request = Samples.Request(source, audio: audio);
        var stamp = Films.Stamp(source);
        var profile = new EncodeOptions().Profile(new HlsCacheOptions().SegmentSeconds);
        var entry = Samples.Entry(request) with { Stamp = stamp, Profile = profile, Created = Time.GetUtcNow(), LastAccess = Time.GetUtcNow() };
        (await Entries.TryStartAsync(entry, null, CancellationToken.None)).ShouldNotBeNull();
        await SealAsync(entry.Id, plan);
        return await CurrentAsync(request.Key);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }

        Films.Dispose();
        Account.Dispose();
    }
}
