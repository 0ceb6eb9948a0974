using CsCheck;
using HlsCache.Testing.Azurite;

namespace HlsCache.Functions.Tests.Lifecycle;

/// <summary>Whatever happens in whatever order, nobody loses what they were given.</summary>
public sealed class PinModelTests(AzuriteFixture azurite)
{
    private const int Runs = 2000;
    private const int StorageRuns = 10;

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Frequency(
            (4, Kind.Play), (4, Kind.End), (4, Kind.Encode), (3, Kind.Sweep), (2, Kind.Reap), (1, Kind.ReplaceSource), (2, Kind.Invalidate)),
        Gen.OneOf(0, 0, 0, 1),
        Gen.Int[0, 1],
        Gen.Bool,
        (kind, film, instance, own) => new Step(kind, film, instance, own));

    // Every round has the duel that matters most in it: a play against a sweep.
    private static readonly Gen<Round> Rounds = Gen.Select(
        Steps.List[0, 6],
        Gen.Bool,
        Gen.OneOf(0, 0, 1, 12, 60, 7 * 60, 31 * 60),
        (steps, own, minutes) => new Round([new(Kind.Play, 0, 0, own), new(Kind.Sweep, 0, 0, own), .. steps], minutes));

    [Fact]
    public void Plays_sweeps_reaps_ends_expiries_and_changes_in_any_order_take_nothing_from_a_viewer() =>
        Gen.Select(Gen.Int, Rounds.List[2, 6]).Sample(LiveInMemory, iter: Runs, threads: 1);

    [Fact]
    public Task Nor_do_they_in_a_real_account() => Rounds.List[2, 4].SampleAsync(LiveInStorageAsync, iter: StorageRuns, threads: 1);

    private static void LiveInMemory(int seed, List<Round> rounds)
    {
        using var world = PinWorld.InMemory();
        var order = new Random(seed);
        foreach (var (steps, minutes) in rounds)
        {
            new RandomOrder(order).Run(() => Task.WhenAll(steps.Select(s => s.RunAsync(world))), () => world.CheckAsync().GetAwaiter().GetResult());
            world.PassAsync(TimeSpan.FromMinutes(minutes)).GetAwaiter().GetResult();
        }
    }

    private async Task LiveInStorageAsync(List<Round> rounds)
    {
        using var world = await PinWorld.InStorageAsync(azurite.Server.NewAccount(), TestContext.Current.CancellationToken);
        foreach (var (steps, minutes) in rounds)
        {
            await Task.WhenAll(steps.Select(s => Task.Run(() => s.RunAsync(world))));
            await world.CheckAsync();
            await world.PassAsync(TimeSpan.FromMinutes(minutes));
        }
    }

    internal enum Kind
    {
        Play,
        End,
        Encode,
        Sweep,
        Reap,
        ReplaceSource,
        Invalidate,
    }

    internal sealed record Round(List<Step> Steps, int MinutesAfter)
    {
        public override string ToString() => $"[{string.Join(", ", Steps)}] +{MinutesAfter} min";
    }

    internal sealed record Step(Kind Kind, int Film, int Instance, bool Own)
    {
        public async Task RunAsync(PinWorld world)
        {
            await Task.Yield();
            switch (Kind)
            {
                case Kind.Play:
                    await world.PlayAsync(Film, Instance, Own);
                    break;
                case Kind.End:
                    await world.EndAsync(Film, Instance);
                    break;
                case Kind.Encode:
                    await world.EncodeAsync();
                    break;
                case Kind.Sweep:
                    await world.RunAsync("sweep", Instance);
                    break;
                case Kind.Reap:
                    await world.RunAsync("reap", Instance);
                    break;
                case Kind.ReplaceSource:
                    world.ReplaceSource(Film);
                    break;
                case Kind.Invalidate:
                    await world.InvalidateAsync(Film, Instance);
                    break;
            }
        }
    }
}
