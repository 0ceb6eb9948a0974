using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using HlsCache.Core.Playlists;
using HlsCache.Core.Segments;
using HlsCache.Testing;

namespace HlsCache.Bench;

/// <summary>A media playlist of two hours, every line signed: rendering, allocation, and bytes on the wire.</summary>
internal static class Playlist
{
    private const int Rounds = 200;
    private const int Segments = 1800;

    public static Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        var plan = Samples.Video(new(25, 1), 25 * 4 * Segments);
        var access = new SegmentAccess(
            "https://account.blob.core.windows.net/hls-8a5da4814e1f6258-1jdtcq1c8abcdefg",
            "sv=2025-11-05&se=2026-11-23T12%3A00%3A00Z&sr=c&sp=r&sig=U0lHTkFUVVJFU0lHTkFUVVJFU0lHTkFUVVJFU0lHTkE%3D");
        string Render() => MediaPlaylist.Render(plan, access.Url("video/init.mp4"), n => access.Url(BlobNames.Segment(Core.Plans.Rendition.Video, n)));

        List<double> times = [], allocated = [];
        var text = Render();
        for (var i = 0; i < Rounds; i++)
        {
            var (before, begun) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            text = Render();
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            allocated.Add((GC.GetAllocatedBytesForCurrentThread() - before) / 1e3);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var name = $"{Segments:N0} segments";
        IReadOnlyList<Figure> figures =
        [
            new("playlist", $"{name}: rendering", times, "ms"),
            new("playlist", $"{name}: allocated", allocated, "kB"),
            new("playlist", $"{name}: bytes", [bytes.Length / 1e3], "kB"),
            new("playlist", $"{name}: bytes with brotli, as it is sent", [Compressed(bytes, s => new BrotliStream(s, CompressionLevel.Fastest)) / 1e3], "kB"),
            new("playlist", $"{name}: bytes with gzip, as it is sent", [Compressed(bytes, s => new GZipStream(s, CompressionLevel.Fastest)) / 1e3], "kB"),
        ];
        return Task.FromResult(figures);
    }

    private static long Compressed(byte[] bytes, Func<Stream, Stream> compress)
    {
        using var target = new MemoryStream();
        using (var stream = compress(target))
        {
            stream.Write(bytes);
        }

        return target.ToArray().Length;
    }
}
