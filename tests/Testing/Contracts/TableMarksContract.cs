using HlsCache.Core.Lifecycle;

namespace HlsCache.Testing.Contracts;

public abstract class TableMarksContract
{
    protected abstract Task<ITableMarks> CreateAsync();

    [Fact]
    public async Task Tables_have_no_marks_until_they_are_placed()
    {
        var marks = await CreateAsync();
        (await marks.AreThereAsync(Cancel)).ShouldBeFalse();
        await marks.PlaceAsync(Cancel);
        (await marks.AreThereAsync(Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task They_may_be_placed_again_and_by_many_at_once()
    {
        var marks = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => marks.PlaceAsync(Cancel), Cancel)));
        await marks.PlaceAsync(Cancel);
        (await marks.AreThereAsync(Cancel)).ShouldBeTrue();
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
