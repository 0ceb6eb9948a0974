using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Service;
using HlsCache.Service.Lifecycle;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Functions.Tests.Lifecycle;

/// <summary>Films in memory, and those who clear away what nobody watches.</summary>
internal sealed class Shelf
{
    public const long Megabyte = 1024 * 1024;

    private readonly FakeEncoder encoder;
    private readonly Inventory inventory;
    private readonly TableLoss loss;
    private readonly ILoggerFactory loggers;

    public FakeTimeProvider Time { get; } = new(Samples.Now);

    public InMemoryEntryStore Entries { get; } = new();

    public InMemorySessionStore Sessions { get; } = new();

    public InMemoryWorkStore Work { get; } = new();

    public InMemorySegmentStore Segments { get; } = new();

    public InMemoryLeaseStore Leases { get; }

    public InMemoryMaintenanceStore Maintenance { get; }

    public InMemoryTableMarks Marks { get; } = new();

    public LogBook Log { get; } = new();

    public Evictor Evictor { get; }

    public Sweeper Sweeper { get; }

    public Reaper Reaper { get; }

    /// <param name="budget">Megabytes.</param>
    /// <param name="replace">Puts a store with a fault in the place of the segments.</param>
    public Shelf(int budget = 100, Func<ISegmentStore, ISegmentStore>? replace = null)
    {
        var segments = replace?.Invoke(Segments) ?? Segments;
        (Leases, Maintenance, encoder) = (new(Segments, Time), new(Time), new(Entries, Segments, Time));
        loggers = LoggerFactory.Create(logging => logging.AddProvider(Log));
        inventory = new(Entries, Sessions, segments);
        Evictor = new(Entries, Sessions, segments, Work, Time);
        loss = new(Entries, segments, Maintenance, Marks, Time, loggers.CreateLogger<TableLoss>());
        var options = Options.Create(new HlsCacheOptions { SizeGb = budget / 1024.0 });
        Sweeper = new(inventory, new InventoryCensus(inventory, segments, Time), Evictor, loss, Maintenance, options, Time, loggers.CreateLogger<Sweeper>());
        Reaper = new(inventory, Entries, Sessions, segments, Work, Leases, Evictor, new(Entries, segments, Leases, Evictor, Time), new(Entries, Sessions), loss, Maintenance, options, Time, loggers.CreateLogger<Reaper>());
    }

    public InventoryCensus Census => new(inventory, Segments, Time);

    /// <summary>A sealed film.</summary>
    /// <param name="megabytes">What its row says of its size.</param>
    /// <param name="replaced">The generation that it supersedes.</param>
    public async Task<Entry> SealAsync(int megabytes = 10, Entry? replaced = null)
    {
        var entry = await StartAsync(replaced);
        await encoder.SealAsync(entry.Id);
        return await ChangeAsync(entry.Id, e => e with { Bytes = megabytes * Megabyte, LastAccess = Time.GetUtcNow() });
    }

    /// <summary>A film that was asked for, its message confirmed.</summary>
    public async Task<Entry> StartAsync(Entry? replaced = null)
    {
        var now = Time.GetUtcNow();
        var request = replaced?.Request ?? Samples.NewRequest();
        var entry = Samples.Entry(request) with
        {
            Id = new(request.Key, Generation.After(replaced?.Id.Generation, now)),
            Created = now,
            EnqueuedAt = now,
            SentAt = now,
        };
        var pointer = (await Entries.ReadAsync(request.Key, Cancel)).Pointer;
        return (await Entries.TryStartAsync(entry, pointer, Cancel)).ShouldNotBeNull();
    }

    /// <summary>A film in the middle of its encode: an init and a segment.</summary>
    public async Task<Entry> EncodeAsync(Entry? replaced = null)
    {
        var entry = await StartAsync(replaced);
        await encoder.PlanAsync(entry.Id);
        await Segments.PutAsync(entry.Id, "video/init.mp4", new byte[100], Cancel);
        await Segments.PutAsync(entry.Id, "video/seg-0.m4s", new byte[900], Cancel);
        return await FindAsync(entry);
    }

    public async Task<PlaySession> WatchAsync(Entry entry, TimeSpan? life = null)
    {
        var session = new PlaySession(entry.Request, $"{Guid.NewGuid():N}"[..16], null, own: true, Time.GetUtcNow() + (life ?? TimeSpan.FromHours(6)));
        await Sessions.PutAsync(session, Cancel);
        return session;
    }

    public Task<Entry> ChangeAsync(GenerationId id, Func<Entry, Entry> change) => encoder.ChangeAsync(id, change);

    public async Task<Entry> FindAsync(Entry entry) => (await Entries.FindAsync(entry.Id, Cancel)).ShouldNotBeNull();

    /// <summary>Whether row and container are there; a film that has one without the other is no film.</summary>
    public bool Has(Entry entry)
    {
        var row = Entries.Rows.Any(r => r.Id == entry.Id);
        Segments.Containers.Contains(entry.Id).ShouldBe(row, entry.Id.ToString());
        return row;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
