using System.Diagnostics;
using System.Runtime.CompilerServices;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Lifecycle;
using HlsCache.Service;
using HlsCache.Service.Lifecycle;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HlsCache.Bench;

/// <summary>A sweep over many entries that evicts a hundredth of them. The rows are made up as they are read, so that what is measured is the sweep's own memory.</summary>
internal static class Sweep
{
    private const int Rounds = 3;
    private const long Megabyte = 1024 * 1024;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        List<double> small = [], large = [], smallPeak = [], largePeak = [];
        await RunAsync(1_000, cancellationToken);
        for (var i = 0; i < Rounds; i++)
        {
            var (few, many) = (await RunAsync(10_000, cancellationToken), await RunAsync(100_000, cancellationToken));
            small.Add(few.Milliseconds);
            large.Add(many.Milliseconds);
            smallPeak.Add(few.Peak);
            largePeak.Add(many.Peak);
        }

        return
        [
            new("sweep", "10,000 entries, 100 evicted", small, "ms"),
            new("sweep", "100,000 entries, 1,000 evicted", large, "ms"),
            Figure.Ratio("sweep", "time, 100,000 / 10,000", large, small),
            new("sweep", "10,000 entries: most memory alive", smallPeak, "kB"),
            new("sweep", "100,000 entries: most memory alive", largePeak, "kB"),
        ];
    }

    private static async Task<(double Milliseconds, double Peak)> RunAsync(int count, CancellationToken cancellationToken)
    {
        var entries = new MadeUpEntries(count);
        var (segments, sessions, time) = (new InMemorySegmentStore(), new InMemorySessionStore(), TimeProvider.System);
        var inventory = new Inventory(entries, sessions, segments);
        var maintenance = new InMemoryMaintenanceStore(time);
        var sweeper = new Sweeper(
            inventory,
            new InventoryCensus(inventory, segments, time),
            new Evictor(entries, sessions, segments, new InMemoryWorkStore(), time),
            new TableLoss(entries, segments, maintenance, new InMemoryTableMarks(), time, NullLogger<TableLoss>.Instance),
            maintenance,
            Options.Create(new HlsCacheOptions { SizeGb = count * 0.99 / 1024 }),
            time,
            NullLogger<Sweeper>.Instance);
        var begun = Stopwatch.GetTimestamp();
        await sweeper.RunAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;

        // Collecting takes time, so memory has a run of its own.
        entries.Reset(GC.GetTotalMemory(forceFullCollection: true));
        await sweeper.RunAsync(cancellationToken);
        return (took, entries.PeakBytes / 1e3);
    }

    private sealed class MadeUpEntries(int count) : IEntryStore
    {
        private const int Samplings = 20;
        private readonly Entry sample = Samples.Entry(Samples.Request()) with { State = EntryState.Complete, Bytes = Megabyte };
        private readonly HashSet<GenerationId> evicted = [];
        private long? floor;

        public long PeakBytes { get; private set; }

        public void Reset(long alive)
        {
            evicted.Clear();
            (floor, PeakBytes) = (alive, 0);
        }

        public async IAsyncEnumerable<KeyRows> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            for (var n = 0; n < count; n++)
            {
                if (floor is { } alive && n % (count / Samplings) == 0)
                {
                    PeakBytes = Math.Max(PeakBytes, GC.GetTotalMemory(forceFullCollection: true) - alive);
                }

                var id = new GenerationId(EntryKey.Parse($"{n:x16}")!.Value, sample.Id.Generation);
                if (!evicted.Contains(id))
                {
                    // Used in an order that has nothing to do with that of the keys.
                    var entry = sample with { Id = id, LastAccess = Samples.Now.AddSeconds(n * 7919L % count) };
                    yield return new(id.Key, new(id.Key, id.Generation, "1"), [entry], HasNewer: false, HasBroken: false);
                }
            }
        }

        public Task<Entry?> TryUpdateAsync(Entry entry, CancellationToken cancellationToken) => Task.FromResult<Entry?>(entry);

        public Task<bool> TryDeleteAsync(Entry entry, CancellationToken cancellationToken) => Task.FromResult(evicted.Add(entry.Id));

        public Task DeleteBrokenAsync(EntryKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<KeyRows?> ReadAllAsync(EntryKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<KeyRows> ListAfterAsync(EntryKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<EntrySnapshot> ReadAsync(EntryKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Entry?> FindAsync(GenerationId id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Entry?> TryStartAsync(Entry entry, EntryPointer? replaced, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryPointAsync(EntryPointer pointer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryDeleteAsync(EntryPointer pointer, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
