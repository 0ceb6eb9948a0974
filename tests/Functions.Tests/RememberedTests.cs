using HlsCache.Service.Stats;
using HlsCache.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Functions.Tests;

public sealed class RememberedTests
{
    private readonly FakeTimeProvider time = new(Samples.Now);
    private readonly List<TaskCompletionSource<string>> reads = [];
    private readonly SemaphoreSlim begun = new(0);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_that_takes_longer_than_it_is_remembered_is_shared_by_all_who_ask_meanwhile()
    {
        var remembered = new Remembered<string>(ReadAsync, TimeSpan.FromSeconds(10), time);
        var first = remembered.GetAsync(Cancelled);
        await begun.WaitAsync(Cancelled);
        time.Advance(TimeSpan.FromSeconds(11));
        var second = remembered.GetAsync(Cancelled);
        reads.ShouldHaveSingleItem().SetResult("counted");
        (await first, await second).ShouldBe(("counted", "counted"));

        time.Advance(TimeSpan.FromSeconds(10));
        var third = remembered.GetAsync(Cancelled);
        await begun.WaitAsync(Cancelled);
        reads[1].SetResult("counted anew");
        (await third).ShouldBe("counted anew");
    }

    [Fact]
    public async Task What_took_long_to_read_is_kept_for_long()
    {
        var remembered = new Remembered<string>(ReadAsync, TimeSpan.FromSeconds(10), time) { LeastRest = 50 };
        var first = remembered.GetAsync(Cancelled);
        await begun.WaitAsync(Cancelled);
        time.Advance(TimeSpan.FromSeconds(2));
        reads[0].SetResult("counted");
        await first;

        time.Advance(TimeSpan.FromSeconds(99));
        (await remembered.GetAsync(Cancelled)).ShouldBe("counted");
        var second = remembered.GetFreshAsync(Cancelled);
        await begun.WaitAsync(Cancelled);
        reads[1].SetResult("counted anew");
        (await second).ShouldBe("counted anew");
    }

    [Fact]
    public async Task One_that_failed_is_tried_again_at_once()
    {
        var remembered = new Remembered<string>(ReadAsync, TimeSpan.FromSeconds(10), time);
        var first = remembered.GetAsync(Cancelled);
        await begun.WaitAsync(Cancelled);
        reads[0].SetException(new IOException());
        await Should.ThrowAsync<IOException>(() => first);
        var second = remembered.GetAsync(Cancelled);
        await begun.WaitAsync(Cancelled);
        reads[1].SetResult("counted");
        (await second).ShouldBe("counted");
    }

    private Task<string> ReadAsync()
    {
        reads.Add(new());
        begun.Release();
        return reads[^1].Task;
    }
}
