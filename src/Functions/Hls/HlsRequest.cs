using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Tokens;
using HlsCache.Functions.Http;
using HlsCache.Service;
using HlsCache.Service.Generations;
using HlsCache.Service.Plays;
using HlsCache.Service.Sessions;
using HlsCache.Service.Tokens;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Hls;

/// <summary>One request under a token: what it may see, and how long it waits for what is not there yet.</summary>
internal sealed class HlsRequest(
    IHttpContextAccessor accessor,
    TokenService tokens,
    SessionBook sessions,
    AliasedSessions aliased,
    IEntryStore entries,
    GenerationWatch watch,
    ISegmentUrls urls,
    JobSender jobs,
    IOptions<HlsCacheOptions> options,
    TimeProvider time)
{
    // hls.js gives up on a first byte after 10 s and asks again by itself.
    private static readonly TimeSpan PageHold = TimeSpan.FromSeconds(8);

    private const string ThePlaylist = "The playlist";

    private readonly HttpContext context = accessor.HttpContext!;
    private PlayToken token;

    private CancellationToken Aborted => context.RequestAborted;

    private TimeSpan Hold => token.Hold == HoldClass.Native ? TimeSpan.FromSeconds(options.Value.NativeHoldSeconds) : PageHold;

    /// <summary>Null when the token gives the right, else the refusal.</summary>
    public async Task<IResult?> AuthorizeAsync()
    {
        if (await tokens.VerifyAsync((string)context.GetRouteValue("token")!, Aborted) is not { } valid)
        {
            return Problems.NoToken();
        }

        token = valid;
        return await sessions.IsLiveAsync(valid, Aborted) ? null : Problems.Over();
    }

    /// <summary>Access to the blobs for as long as the token lives.</summary>
    public ValueTask<SegmentAccess> AccessAsync(GenerationId id) => urls.SignAsync(id, token.Expires, Aborted);

    /// <summary>Answers from the plan of the generation in force, once it is there; sends the player of an alias to what is encoded in its place.</summary>
    public async Task<IResult> WhenCurrentAsync(Func<GenerationView, EncodePlan, Task<IResult>> answer)
    {
        if (await AuthorizeAsync() is { } refusal)
        {
            return refusal;
        }

        var begun = time.GetTimestamp();
        GenerationId? gone = null;
        while (true)
        {
            var found = await entries.ReadAsync(token.Key, Aborted);
            if (found.Alias is { } alias)
            {
                return await MoveAsync(alias);
            }

            if (found.IsNewer)
            {
                return Problems.Newer(context);
            }

            if (found.Current is not { Id: var id } || id == gone)
            {
                return Problems.Gone();
            }

            // The generation vanishes under those who wait for it when its key turns out to be an alias.
            if (await WaitAsync(id, IsPlanned, Hold - time.GetElapsedTime(begun)) is { } view)
            {
                return await AnswerAsync(view, IsPlanned, ThePlaylist, answer);
            }

            gone = id;
        }
    }

    /// <summary>Answers from the plan of the generation that the path names, once it is there.</summary>
    public async Task<IResult> WhenPlannedAsync(Func<GenerationView, EncodePlan, Task<IResult>> answer) =>
        await AuthorizeAsync() ?? await WhenAsync(Named(), IsPlanned, ThePlaylist, answer);

    /// <summary>Sends the player to a blob, once it is there.</summary>
    /// <param name="never">Whether it will never be.</param>
    /// <param name="exists">Whether it is.</param>
    public async Task<IResult> RedirectWhenAsync(string name, Func<GenerationView, bool> never, Func<GenerationView, bool> exists) =>
        await AuthorizeAsync() ?? await WhenAsync(Named(), view => never(view) || exists(view), "This part of the film", async (view, _) =>
        {
            if (never(view))
            {
                return Problems.NoSegment();
            }

            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Redirect((await AccessAsync(view.Id)).Url(name));
        });

    /// <summary>Waits until <paramref name="until"/> holds and the film is planned, then answers; says why when it does not come to that.</summary>
    private async Task<IResult> WhenAsync(
        GenerationId? id, Func<GenerationView, bool> until, string what, Func<GenerationView, EncodePlan, Task<IResult>> answer) =>
        id is not { } named ? Problems.Gone()
        : await WaitAsync(named, until, Hold) is { } view ? await AnswerAsync(view, until, what, answer)
        : await entries.ReadAsync(token.Key, Aborted) is { IsNewer: true } ? Problems.Newer(context)
        : Problems.Gone();

    private async Task<GenerationView?> WaitAsync(GenerationId id, Func<GenerationView, bool> until, TimeSpan hold)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            var left = hold - time.GetElapsedTime(begun);
            var view = await WaitOnceAsync(left < PageHold ? left : PageHold);
            if (view is null || IsOver(view) || left <= PageHold)
            {
                return view;
            }

            // Not only when the player has given up.
            await EnsureSentAsync(id);
        }

        Task<GenerationView?> WaitOnceAsync(TimeSpan span) => watch.WaitAsync(id, IsOver, span, Aborted);
        bool IsOver(GenerationView view) => view.Error is not null || until(view);
    }

    private async Task<IResult> AnswerAsync(
        GenerationView view, Func<GenerationView, bool> until, string what, Func<GenerationView, EncodePlan, Task<IResult>> answer) => view switch
        {
            { Plan: { } plan } when until(view) => await answer(view, plan),
            { Error: { } error } => Problems.CannotEncode(error),
            _ => await NotYetAsync(view.Id, what),
        };

    /// <summary>The link stays relative: what stands before this app may have other names and paths.</summary>
    private async Task<IResult> MoveAsync(EntryAlias alias)
    {
        if (await aliased.MoveAsync(token, alias, Aborted) is not { } moved)
        {
            return Problems.Over();
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Redirect($"../{await tokens.SignAsync(moved, Aborted)}/master.m3u8");
    }

    private async Task<IResult> NotYetAsync(GenerationId id, string what) =>
        // Encoders drop what is not in force, so it may never be there. The player begins again from the master.
        await EnsureSentAsync(id) ? Problems.NotYet(context, what) : Problems.Gone();

    /// <summary>Sends the message that may have been lost with the instance that was about to send it; false when the generation is not in force.</summary>
    private async Task<bool> EnsureSentAsync(GenerationId id)
    {
        if ((await entries.ReadAsync(token.Key, Aborted)).Current is not { } current || current.Id != id)
        {
            return false;
        }

        await jobs.EnsureSentAsync(current, Aborted);
        return true;
    }

    private static bool IsPlanned(GenerationView view) => view.Plan is not null;

    private GenerationId? Named() =>
        Generation.Parse(context.GetRouteValue("generation") as string) is { } generation ? new GenerationId(token.Key, generation) : null;
}
