using HlsCache.Core.Keys;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Sessions;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;

namespace HlsCache.Core.Tests.Lifecycle;

public sealed class InventoryTests
{
    private readonly InMemoryEntryStore entries = new();
    private readonly InMemorySessionStore sessions = new();
    private readonly InMemorySegmentStore segments = new();

    [Fact]
    public async Task Every_key_is_shown_once_with_all_that_exists_of_it_whichever_store_knows_it()
    {
        var random = new Random(1);
        var requests = Enumerable.Range(0, 60).Select(_ => Samples.NewRequest()).ToList();
        var expected = new SortedDictionary<string, (int Rows, int Sessions, int Containers)>(StringComparer.Ordinal);
        foreach (var request in requests)
        {
            var counts = (Rows: random.Next(2), Sessions: random.Next(3), Containers: random.Next(3));
            if (counts.Rows > 0)
            {
                await entries.TryStartAsync(Samples.Entry(request), null, Cancel);
            }

            for (var n = 0; n < counts.Sessions; n++)
            {
                await sessions.PutAsync(new PlaySession(request, $"session{n}", null, true, Samples.Now), Cancel);
            }

            for (var (n, generation) = (0, (Generation?)null); n < counts.Containers; n++)
            {
                await segments.CreateAsync(new(request.Key, (generation = Generation.After(generation, Samples.Now)).Value), Cancel);
            }

            if (counts != default)
            {
                expected[request.Key.Value] = counts;
            }
        }

        var shown = await new Inventory(entries, sessions, segments).ReadAsync(withContainers: true, Cancel).ToListAsync(Cancel);
        shown.Select(k => (k.Key.Value, (k.Generations.Count, k.Sessions.Count, k.Containers.Count))).ShouldBe(expected.Select(e => (e.Key, e.Value)));

        var without = await new Inventory(entries, sessions, segments).ReadAsync(withContainers: false, Cancel).ToListAsync(Cancel);
        without.ShouldAllBe(k => k.Containers.Count == 0);
        without.Count.ShouldBe(expected.Values.Count(e => e.Rows + e.Sessions > 0));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
