using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Plans;
using HlsCache.Core.Playlists;
using HlsCache.Core.Segments;
using HlsCache.Core.Tokens;
using HlsCache.Functions.Http;

namespace HlsCache.Functions.Hls;

/// <summary>What a player fetches: playlists, and redirects to blobs. The token in the path is all the right it needs.</summary>
internal static class HlsEndpoints
{
    private const string Playlist = "application/vnd.apple.mpegurl";

    public static void MapHls(this IEndpointRouteBuilder app)
    {
        var hls = app.MapGroup("/api/hls/{token}");
        hls.MapMethods("/master.m3u8", ReadRoutes.Methods, MasterAsync);
        hls.MapMethods("/{generation}/video.m3u8", ReadRoutes.Methods, (HlsRequest request) => MediaAsync(request, Rendition.Video));
        hls.MapMethods("/{generation}/audio.m3u8", ReadRoutes.Methods, (HlsRequest request) => MediaAsync(request, Rendition.Audio));
        hls.MapMethods("/{generation}/subs/{i:int:min(0)}.m3u8", ReadRoutes.Methods, (HlsRequest request, int i) => SubtitlesAsync(request, i));
        hls.MapMethods("/{generation}/video/init.mp4", ReadRoutes.Methods, (HlsRequest request) => InitAsync(request, Rendition.Video));
        hls.MapMethods("/{generation}/audio/init.mp4", ReadRoutes.Methods, (HlsRequest request) => InitAsync(request, Rendition.Audio));
        hls.MapMethods("/{generation}/video/seg-{n:int:min(0)}.m4s", ReadRoutes.Methods, (HlsRequest request, int n) => SegmentAsync(request, Rendition.Video, n));
        hls.MapMethods("/{generation}/audio/seg-{n:int:min(0)}.m4s", ReadRoutes.Methods, (HlsRequest request, int n) => SegmentAsync(request, Rendition.Audio, n));
        hls.MapMethods("/{generation}/subs/{i:int:min(0)}/seg-{n:int:min(0)}.vtt", ReadRoutes.Methods, (HlsRequest request, int i, int n) => SubtitleAsync(request, i, n));
    }

    private static Task<IResult> MasterAsync(HlsRequest request) => request.WhenCurrentAsync((view, plan) =>
        Task.FromResult<IResult>(TypedResults.Text(MasterPlaylist.Render(plan, view.Id.Generation.Value), Playlist)));

    private static Task<IResult> MediaAsync(HlsRequest request, Rendition rendition) => request.WhenPlannedAsync(async (view, plan) =>
    {
        if (plan.Find(rendition) is not { } media)
        {
            return Problems.NoSegment();
        }

        var access = await request.AccessAsync(view.Id);
        var ready = view.Ready.Segments(rendition);
        string Uri(bool exists, string name) => exists ? access.Url(name) : name;
        return TypedResults.Text(
            MediaPlaylist.Render(
                media,
                Uri(view.Ready.Init(rendition), BlobNames.Init(rendition)),
                n => Uri(ready.Contains(n), BlobNames.Segment(rendition, n))),
            Playlist);
    });

    private static Task<IResult> SubtitlesAsync(HlsRequest request, int track) => request.WhenPlannedAsync(async (view, plan) =>
    {
        if (plan.Subtitles.ElementAtOrDefault(track) is not { Skipped: null })
        {
            return Problems.NoSegment();
        }

        // Relative to subs/, where this playlist is.
        var uri = view.Ready.Subtitles.Contains(track) ? (await request.AccessAsync(view.Id)).Url(BlobNames.Subtitle(track)) : $"{track}/seg-0.vtt";
        return TypedResults.Text(MediaPlaylist.RenderSubtitles(plan.Seconds(), uri), Playlist);
    });

    private static Task<IResult> InitAsync(HlsRequest request, Rendition rendition) => request.RedirectWhenAsync(
        BlobNames.Init(rendition),
        view => view.Plan is { } plan && plan.Find(rendition) is null,
        view => view.Ready.Init(rendition));

    private static Task<IResult> SegmentAsync(HlsRequest request, Rendition rendition, int index) => request.RedirectWhenAsync(
        BlobNames.Segment(rendition, index),
        view => view.Plan is { } plan && !(index < plan.Find(rendition)?.Segments),
        view => view.Ready.Segments(rendition).Contains(index));

    private static Task<IResult> SubtitleAsync(HlsRequest request, int track, int index) => request.RedirectWhenAsync(
        BlobNames.Subtitle(track, index),
        view => view.Plan is { } plan && (index > 0 || plan.Subtitles.ElementAtOrDefault(track) is not { Skipped: null }),
        view => view.Ready.Subtitles.Contains(track));
}
