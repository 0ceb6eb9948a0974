using System.Buffers.Binary;
using System.Diagnostics;
using HlsCache.Core.Plans;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Mp4;
using HlsCache.Testing;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Tests.Mp4;

/// <summary>The splitter on what ffmpeg really writes.</summary>
public sealed class RealOutputTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hlscache-real-").FullName;
    private readonly FfmpegRunner ffmpeg = new(Options.Create(new EncoderOptions()), TimeProvider.System);

    // 4.6 s: three whole segments of a quarter, a quarter and a half of a second, four of a second, and 15 frames.
    private readonly EncodePlan plan = Samples.Plan() with
    {
        Profile = Samples.Profile with { Preset = "ultrafast", SegmentSeconds = 1 },
        Video = new(0, 160, 90, false, 30, 800, SegmentGrid.ForVideo(new(25, 1), 1), 115),
        Sound = Samples.Sound(216, 1),
    };

    public async ValueTask InitializeAsync()
    {
        using var make = Process.Start("ffmpeg", [
            "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=4.6", "-f", "lavfi", "-i", "sine=r=48000:d=4.6",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "37", "-c:a", "pcm_s16le", Source]);
        await make.WaitForExitAsync(Token);
        make.ExitCode.ShouldBe(0);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Source => Path.Join(folder, "film.mov");

    [Fact]
    public async Task The_picture_is_cut_on_the_grid_and_its_end_is_the_remainder()
    {
        var (init, segments) = await SplitAsync(plan.Video!, await VideoAsync(0, null));
        init.ShouldNotBeEmpty();
        segments.Select(s => (s.Index, s.Units, s.IsWhole)).ShouldBe(
            [(0, 6L, true), (1, 7L, true), (2, 12L, true), (3, 25L, true), (4, 25L, true), (5, 25L, true), (6, 15L, false)]);
    }

    [Fact]
    public async Task The_sound_is_cut_on_its_grid()
    {
        var (_, segments) = await SplitAsync(plan.Sound!, await OutputAsync(FfmpegArguments.Audio(Source, plan, 0, null, null)));
        segments.Select(s => s.Index).ShouldBe([0, 1, 2, 3, 4]);
        segments.SkipLast(1).ShouldAllBe(s => s.Units == 47 && s.IsWhole);
        segments.Sum(s => s.Units).ShouldBe(216);
    }

    [Fact]
    public async Task One_byte_at_a_time_gives_the_same()
    {
        foreach (var (rendition, output) in new (IRenditionPlan, byte[])[]
        {
            (plan.Video!, await VideoAsync(0, null)),
            (plan.Sound!, await OutputAsync(FfmpegArguments.Audio(Source, plan, 0, null, null))),
        })
        {
            var (init, segments) = await SplitAsync(rendition, output);
            var (sameInit, same) = await SplitAsync(rendition, output, atOnce: 1);
            sameInit.ShouldBe(init);
            same.Count.ShouldBe(segments.Count);
            foreach (var (a, b) in same.Zip(segments))
            {
                (a.Index, a.Units, a.IsWhole).ShouldBe((b.Index, b.Units, b.IsWhole));
                a.Data.ShouldBe(b.Data);
            }
        }
    }

    [Fact]
    public async Task Ranges_from_other_processes_continue_each_other_under_one_init()
    {
        var (init, whole) = await SplitAsync(plan.Video!, await VideoAsync(0, null));
        var parts = new List<MediaSegment>();
        foreach (var (first, end) in new (int, int?)[] { (0, 1), (1, 4), (4, 5), (5, null) })
        {
            var (partInit, segments) = await SplitAsync(plan.Video!, await VideoAsync(first, end));
            partInit.ShouldBe(init);
            segments[0].Index.ShouldBe(first);
            parts.AddRange(segments);
        }

        parts.Select(s => (s.Index, s.Units, s.IsWhole, Sequence(s))).ShouldBe(whole.Select(s => (s.Index, s.Units, s.IsWhole, Sequence(s))));
    }

    [Fact]
    public async Task An_output_that_breaks_off_anywhere_gives_only_whole_fragments()
    {
        var output = await VideoAsync(0, null);
        var (_, segments) = await SplitAsync(plan.Video!, output);
        for (var length = 0; length < output.Length; length += 997)
        {
            var (_, some) = await SplitAsync(plan.Video!, output[..length]);
            some.Count.ShouldBeLessThan(segments.Count + 1);
            some.Zip(segments).ShouldAllBe(pair => pair.First.Data.SequenceEqual(pair.Second.Data));
        }
    }

    private static int Sequence(MediaSegment segment) => BinaryPrimitives.ReadInt32BigEndian(segment.Data.AsSpan(20));

    private static async Task<(byte[]? Init, List<MediaSegment> Segments)> SplitAsync(IRenditionPlan rendition, byte[] output, int atOnce = int.MaxValue)
    {
        var splitter = new SegmentSplitter(rendition);
        var segments = await splitter.ReadAsync(new TrickleStream(output, atOnce), Token).ToListAsync(Token);
        return (splitter.Init, segments);
    }

    private Task<byte[]> VideoAsync(int first, int? end) => OutputAsync(FfmpegArguments.Video(Source, plan, first, end, threads: 1, null));

    private async Task<byte[]> OutputAsync(IReadOnlyList<string> arguments)
    {
        var output = new MemoryStream();
        var result = await ffmpeg.EncodeAsync(arguments, stream => stream.CopyToAsync(output, Token), Token);
        result.ShouldBe(new(0, ""));
        return output.ToArray();
    }
}
