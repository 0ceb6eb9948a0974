using HlsCache.Encoder.Mp4;
using static HlsCache.Encoder.Tests.Mp4.Bytes;

namespace HlsCache.Encoder.Tests.Mp4;

public sealed class BoxReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task However_the_bytes_arrive_the_boxes_are_the_same(int atOnce)
    {
        var (a, b, c) = (Box("ftyp", [1, 2, 3]), Box("free"), WideBox("mdat", [4, 5, 6, 7]));
        var boxes = await ReadAsync([.. a, .. b, .. c], atOnce);
        boxes.Select(x => (x.Type, x.HeaderSize)).ShouldBe([("ftyp", 8), ("free", 8), ("mdat", 16)]);
        boxes[0].Data.ShouldBe(a);
        boxes[1].Data.ShouldBe(b);
        boxes[2].Data.ShouldBe(c);
    }

    [Fact]
    public async Task Nothing_has_no_boxes() => (await ReadAsync([])).ShouldBeEmpty();

    [Fact]
    public async Task A_box_of_size_zero_goes_to_the_end()
    {
        byte[] last = [.. Header(0, "mdat"), 1, 2, 3, 4, 5];
        var boxes = await ReadAsync([.. Box("ftyp"), .. last]);
        boxes.Select(b => b.Type).ShouldBe(["ftyp", "mdat"]);
        boxes[1].Data.ShouldBe(last);
    }

    [Fact]
    public async Task A_box_that_the_end_cuts_short_is_dropped()
    {
        var whole = Box("ftyp", [1]);
        foreach (var second in new[] { Box("mdat", [1, 2, 3, 4]), WideBox("mdat", [1, 2, 3, 4]) })
        {
            for (var length = 0; length < second.Length; length++)
            {
                (await ReadAsync([.. whole, .. second[..length]])).ShouldHaveSingleItem().Type.ShouldBe("ftyp");
            }

            (await ReadAsync([.. whole, .. second])).Count.ShouldBe(2);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(uint.MaxValue)]
    [InlineData((1u << 30) + 1)]
    public async Task A_size_that_cannot_be_right_is_refused(uint size) =>
        (await Should.ThrowAsync<InvalidDataException>(ReadAsync([.. Header(size, "mdat"), 0, 0, 0, 0]))).Message.ShouldBe($"A box 'mdat' says that it has {size} bytes.");

    [Theory]
    [InlineData(0UL)]
    [InlineData(15UL)]
    [InlineData(1UL << 40)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public async Task A_64_bit_size_that_cannot_be_right_is_refused(ulong size) =>
        await Should.ThrowAsync<InvalidDataException>(ReadAsync([.. Header(1, "mdat"), .. UInt64(size), 0, 0, 0, 0]));

    [Fact]
    public async Task Reading_can_be_cancelled() => await Should.ThrowAsync<OperationCanceledException>(async () =>
    {
        await foreach (var box in BoxReader.ReadAsync(new MemoryStream(Box("ftyp")), new(canceled: true)))
        {
            box.Type.ShouldBeEmpty();
        }
    });

    private static async Task<List<Box>> ReadAsync(byte[] bytes, int atOnce = 1) =>
        await BoxReader.ReadAsync(new TrickleStream(bytes, atOnce), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
}
