using System.Buffers.Binary;
using HlsCache.Core.Plans;
using HlsCache.Encoder.Mp4;
using HlsCache.Testing;
using static HlsCache.Encoder.Tests.Mp4.Bytes;

namespace HlsCache.Encoder.Tests.Mp4;

public sealed class SegmentSplitterTests
{
    // 25 frames a second, 512 ticks each: segments begin at frames 0, 25, 50, 100, 200, ...
    private const uint Tick = 512;
    private static readonly IRenditionPlan Plan = Samples.Video(new(25, 1), 1000);
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly byte[] Ftyp = Box("ftyp", [1]);
    private static readonly byte[] Moov = Box("moov", [2, 3]);

    [Fact]
    public async Task Ftyp_and_moov_are_the_init_segment()
    {
        var splitter = new SegmentSplitter(Plan);
        splitter.Init.ShouldBeNull();
        await foreach (var segment in splitter.ReadAsync(new TrickleStream([.. Ftyp, .. Moov, .. WideMoof(0, 25), .. Box("mdat", [9])]), Token))
        {
            segment.Index.ShouldBe(0);
            splitter.Init.ShouldBe([.. Ftyp, .. Moov]); // There before the first segment.
        }

        splitter.Init.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_output_that_ends_in_its_head_has_no_init_segment()
    {
        var splitter = new SegmentSplitter(Plan);
        (await splitter.ReadAsync(new MemoryStream([.. Ftyp, .. Moov[..^1]]), Token).ToListAsync(Token)).ShouldBeEmpty();
        splitter.Init.ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 0, 25)]
    [InlineData(25, 1, 25)]
    [InlineData(50, 2, 50)]
    [InlineData(100, 3, 100)]
    [InlineData(200, 4, 100)]
    [InlineData(100_000, 1002, 100)]
    [InlineData(10_000_000, 100_002, 100)] // Its ticks need more than 32 bits.
    public async Task A_fragment_is_found_by_where_it_begins(long frame, int index, uint frames)
    {
        var segment = (await SplitAsync(WideMoof((ulong)frame * Tick, frames), Box("mdat", [7]))).ShouldHaveSingleItem();
        (segment.Index, segment.Units, segment.IsWhole).ShouldBe((index, frames, true));
    }

    [Fact]
    public async Task A_decode_time_may_have_32_bits() =>
        (await SplitAsync(Moof(50 * Tick, 50), Box("mdat"))).ShouldHaveSingleItem().Index.ShouldBe(2);

    [Fact]
    public async Task Samples_of_several_runs_are_added_up() =>
        (await SplitAsync(WideMoof(0, 20, 5), Box("mdat"))).ShouldHaveSingleItem().IsWhole.ShouldBeTrue();

    [Fact]
    public async Task A_fragment_with_fewer_frames_than_the_grid_gives_it_is_not_whole()
    {
        var segments = await SplitAsync(WideMoof(0, 25), Box("mdat"), WideMoof(25 * Tick, 24), Box("mdat"));
        segments.Select(s => (s.Index, s.Units, s.IsWhole)).ShouldBe([(0, 25L, true), (1, 24L, false)]);
    }

    [Theory]
    [InlineData(1 * Tick, 25)] // Not where a segment begins.
    [InlineData(24 * Tick, 25)]
    [InlineData(1, 25)] // Not where a frame begins.
    [InlineData((25 * Tick) - 1, 25)]
    [InlineData(0, 26)] // More frames than the segment has.
    [InlineData(100 * Tick, 101)]
    public async Task A_fragment_off_the_grid_is_refused(uint decodeTime, uint frames) =>
        (await Should.ThrowAsync<InvalidDataException>(SplitAsync(WideMoof(decodeTime, frames), Box("mdat")))).Message.ShouldContain("not on the grid");

    [Fact]
    public async Task A_fragment_without_a_decode_time_is_refused() => await Should.ThrowAsync<InvalidDataException>(
        SplitAsync(Box("moof", Box("mfhd", UInt32(0), UInt32(1)), Box("traf", Box("trun", UInt32(0), UInt32(25)))), Box("mdat")));

    [Fact]
    public async Task A_box_larger_than_the_one_around_it_is_refused()
    {
        var moof = WideMoof(0, 25);
        BinaryPrimitives.WriteUInt32BigEndian(moof.AsSpan(8), 5000);
        await Should.ThrowAsync<InvalidDataException>(SplitAsync(moof, Box("mdat")));
    }

    [Fact]
    public async Task A_segment_is_its_moof_and_its_mdat_and_nothing_else()
    {
        var segments = await SplitAsync(
            Box("styp"), Box("sidx", [1, 2]), WideMoof(0, 25), Box("mdat", [1, 2, 3]), Box("free"), WideMoof(25 * Tick, 25), WideBox("mdat", [4]), Box("mfra", [5]));
        segments.Count.ShouldBe(2);
        segments[0].Data.ShouldBe([.. WideMoof(0, 25), .. Box("mdat", [1, 2, 3])]); // The first is number 1 anyway.
        segments[1].Data[^17..].ShouldBe(WideBox("mdat", [4]));
        segments[1].Data.Length.ShouldBe(WideMoof(0, 25).Length + 17);
    }

    [Fact]
    public async Task A_fragment_whose_data_is_cut_short_is_dropped()
    {
        var all = new[] { WideMoof(0, 25), Box("mdat", [1]), WideMoof(25 * Tick, 25), Box("mdat", [1, 2]) }.SelectMany(b => b).ToArray();
        (await SplitAsync(all[..^1])).ShouldHaveSingleItem().Index.ShouldBe(0);
        (await SplitAsync(all[..^10])).ShouldHaveSingleItem();
        (await SplitAsync(all)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Every_process_numbers_its_fragments_from_1_and_segments_are_numbered_by_their_place()
    {
        var segments = await SplitAsync(WideMoof(100 * Tick, 100), Box("mdat"), WideMoof(200 * Tick, 100), Box("mdat"));
        segments.Select(s => BinaryPrimitives.ReadInt32BigEndian(s.Data.AsSpan(8 + 12))).ShouldBe([4, 5]);
    }

    [Fact]
    public async Task Sound_is_cut_on_its_own_grid()
    {
        var splitter = new SegmentSplitter(Samples.Sound(400));
        byte[] output = [.. Ftyp, .. Moov, .. WideMoof(0, 188), .. Box("mdat"), .. WideMoof(188 * 1024, 188), .. Box("mdat"), .. WideMoof(376 * 1024, 24), .. Box("mdat")];
        var segments = await splitter.ReadAsync(new MemoryStream(output), Token).ToListAsync(Token);
        segments.Select(s => (s.Index, s.Units, s.IsWhole)).ShouldBe([(0, 188L, true), (1, 188L, true), (2, 24L, false)]);
    }

    [Fact]
    public async Task A_copied_stream_is_cut_by_counting_whatever_its_times_are()
    {
        // Segments of 30 and 50 samples; the source has keyframes at 0, 10, 30 and 60.
        var grid = new SegmentGrid(new(25, 1), [0, 30], 50) { Times = [0, 1_200_000, 3_300_000] };
        var splitter = new SegmentSplitter(new VideoPlan(0, 640, 360, false, 0, 800, grid, 80) { CopiedCodec = "avc1.64001E" });
        byte[] output =
        [
            .. Ftyp, .. Moov, .. WideMoof(0, 10), .. Box("mdat", [1]), .. WideMoof(777, 20), .. Box("mdat", [2]), .. WideMoof(999, 30), .. Box("mdat", [3]),
            .. WideMoof(1500, 20), .. Box("mdat", [4]),
        ];

        var segments = await splitter.ReadAsync(new TrickleStream(output), Token).ToListAsync(Token);

        segments.Select(s => (s.Index, s.Units, s.IsWhole)).ShouldBe([(0, 30L, true), (1, 50L, true)]);
        segments[0].Data.ShouldBe([.. WideMoof(0, 10), .. Box("mdat", [1]), .. WideMoof(777, 20), .. Box("mdat", [2])]);
    }

    private static async Task<List<MediaSegment>> SplitAsync(params byte[][] fragments) =>
        await new SegmentSplitter(Plan).ReadAsync(new TrickleStream([.. Ftyp, .. Moov, .. fragments.SelectMany(f => f)]), Token).ToListAsync(Token);
}
