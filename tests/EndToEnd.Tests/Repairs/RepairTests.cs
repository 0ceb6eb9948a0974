using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;

namespace HlsCache.EndToEnd.Tests.Repairs;

/// <summary>Whatever is damaged, the viewer gets a good film, and only what is damaged is encoded.</summary>
public sealed class RepairTests(RepairStage stage) : IClassFixture<RepairStage>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The video has segments of 0.5, 0.5, 1, 2, 2 and 1 s, the sound four of 2 s. A hole of a rendition costs a look at what init segment ffmpeg
    // would make of it, and its own encode.
    [Theory]
    [InlineData("video/init.mp4", false, 1, 0, 0)]
    [InlineData("video/init.mp4", true, 1, 0, 0)]
    [InlineData("video/seg-0.m4s", false, 2, 0, 0)]
    [InlineData("video/seg-3.m4s", true, 2, 0, 0)]
    [InlineData("video/seg-5.m4s", false, 2, 0, 0)]
    [InlineData("video/seg-1.m4s video/seg-3.m4s video/seg-4.m4s", true, 3, 0, 0)]
    [InlineData("audio/init.mp4", false, 0, 1, 0)]
    [InlineData("audio/seg-1.m4s", true, 0, 2, 0)]
    [InlineData("subs/0/seg-0.vtt", false, 0, 0, 1)]
    [InlineData("video/seg-2.m4s audio/seg-3.m4s subs/0/seg-0.vtt", false, 2, 2, 1)]
    public async Task Only_holes_are_encoded(string names, bool corrupt, int video, int audio, int subtitles)
    {
        var (source, old, seal) = await stage.SealedAsync();
        foreach (var name in names.Split(' '))
        {
            await stage.DamageAsync(old.Id, name, corrupt);
        }

        var (damaged, play) = await stage.VerifyAsync(source, old);

        damaged.ShouldBe(names.Split(' '));
        play.GetProperty("reason").GetString().ShouldBe("failed-integrity");
        var (entry, repaired) = await stage.SealOfAsync(play, stage.App);
        entry.RepairOf.ShouldBe(old.Id.Generation);
        Good(repaired, damaged).ShouldBe(Good(seal, damaged));
        Names(repaired).ShouldBe(Names(seal));
        (repaired.Plan.Video, repaired.Plan.Sound).ShouldBe((seal.Plan.Video, seal.Plan.Sound));
        Count().ShouldBe((video, audio, subtitles), string.Join('\n', stage.Runs));
        await stage.ShouldPlayAsync(source);
    }

    [Fact]
    public async Task Each_hole_is_encoded_as_a_range_of_its_own()
    {
        var (source, old, _) = await stage.SealedAsync();
        await stage.DamageAsync(old.Id, "video/seg-2.m4s", corrupt: false);
        await stage.DamageAsync(old.Id, "video/seg-5.m4s", corrupt: false);
        var (_, play) = await stage.VerifyAsync(source, old);
        await stage.SealOfAsync(play, stage.App);
        // At 25 frames a second: segment 0 for the init, segment 2 from frame 25 to 50, segment 5 from frame 150 to the end.
        stage.Runs.Where(IsVideo).Select(r => r.Split("trim=start_pts=")[1].Split(',')[0]).ShouldBe(["0:end_pts=13", "25:end_pts=50", "150"]);
    }

    [Theory]
    [InlineData("video/init.mp4", false)]
    [InlineData("video/seg-5.m4s", false)]
    [InlineData(BlobNames.Complete, false)]
    [InlineData(BlobNames.Complete, true)]
    public async Task The_next_play_repairs_what_it_notices(string name, bool corrupt)
    {
        var (source, old, seal) = await stage.SealedAsync();
        await stage.DamageAsync(old.Id, name, corrupt);
        await using var app = await stage.AnotherAsync();

        var play = await app.PlayOkAsync(source, "360p", 0, cancellationToken: Token);

        play.GetProperty("reason").GetString().ShouldBe("failed-integrity");
        var (_, repaired) = await stage.SealOfAsync(play, app);
        Names(repaired).ShouldBe(Names(seal));
        await stage.ShouldPlayAsync(source);
    }

    [Fact]
    public async Task A_plan_that_is_gone_from_a_sealed_film_is_not_missed()
    {
        var (source, old, _) = await stage.SealedAsync();
        await stage.DamageAsync(old.Id, BlobNames.Plan, corrupt: false);
        await stage.ShouldPlayAsync(source);
        stage.Runs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_film_whose_row_is_gone_is_encoded_anew()
    {
        var (source, old, seal) = await stage.SealedAsync();
        // By one who asks before a reaper adopts it.
        await stage.DeleteRowAsync(old.Id);
        var play = await stage.App.PlayOkAsync(source, "360p", 0, cancellationToken: Token);
        play.GetProperty("reason").GetString().ShouldBe("evicted");
        Names((await stage.SealOfAsync(play, stage.App)).Seal).ShouldBe(Names(seal));
        await stage.ShouldPlayAsync(source);
    }

    [Fact]
    public async Task A_film_whose_container_is_gone_is_encoded_anew()
    {
        var (source, old, seal) = await stage.SealedAsync();
        await stage.Segments.DeleteAsync(old.Id, Token);
        var (damaged, play) = await stage.VerifyAsync(source, old);
        damaged.ShouldBe([BlobNames.Complete]);
        var (entry, repaired) = await stage.SealOfAsync(play, stage.App);
        Names(repaired).ShouldBe(Names(seal));
        Count().ShouldBe((1, 1, 1));
        await stage.ShouldPlayAsync(source);
    }

    [Fact]
    public async Task Where_the_encoder_would_not_continue_what_is_good_all_of_that_rendition_is_encoded()
    {
        var (source, old, seal) = await stage.SealedAsync();
        // As if another version of ffmpeg had made it.
        var init = (await stage.Segments.ReadAsync(old.Id, "video/init.mp4", Token)).ShouldNotBeNull();
        await stage.ReplaceInitAsync(old.Id, seal, [.. init, 0, 0, 0, 8, .. "free"u8]);
        await stage.DamageAsync(old.Id, "video/seg-3.m4s", corrupt: false);

        var (damaged, play) = await stage.VerifyAsync(source, old);

        damaged.ShouldBe(["video/seg-3.m4s"]);
        var video = Names(seal).Where(n => n.StartsWith("video/", StringComparison.Ordinal)).ToList();
        var (entry, repaired) = await stage.SealOfAsync(play, stage.App);
        Names(repaired).ShouldBe(Names(seal));
        repaired.Blobs[0].ShouldBe(seal.Blobs[0], "The init segment is the encoder's own.");
        Good(repaired, video).ShouldBe(Good(seal, video));
        Count().ShouldBe((2, 0, 0));
        await stage.ShouldPlayAsync(source);
    }

    [Fact]
    public async Task A_repair_goes_on_where_it_was_cut_off()
    {
        var (source, old, seal) = await stage.SealedAsync();
        await stage.DamageAsync(old.Id, "video/seg-4.m4s", corrupt: false);
        // What a killed encoder left: a container with some of the copies in it, and a message that comes again.
        var id = await stage.BeginRepairAsync(old, seal, ["video/init.mp4", "video/seg-0.m4s", "audio/seg-2.m4s"]);

        var play = await stage.App.PlayOkAsync(source, "360p", 0, cancellationToken: Token);

        var (entry, repaired) = await stage.SealOfAsync(play, stage.App);
        entry.Id.ShouldBe(id);
        Good(repaired, ["video/seg-4.m4s"]).ShouldBe(Good(seal, ["video/seg-4.m4s"]));
        Count().ShouldBe((1, 0, 0));
    }

    [Fact]
    public async Task A_repair_of_what_was_evicted_meanwhile_encodes_what_is_left_to_do()
    {
        var (source, old, seal) = await stage.SealedAsync();
        var id = await stage.BeginRepairAsync(old, seal, ["video/init.mp4", "video/seg-0.m4s", "audio/seg-2.m4s"]);
        await stage.Segments.DeleteAsync(old.Id, Token);
        var play = await stage.App.PlayOkAsync(source, "360p", 0, cancellationToken: Token);
        (await stage.SealOfAsync(play, stage.App)).Entry.Id.ShouldBe(id);
        await stage.ShouldPlayAsync(source);
    }

    private static IEnumerable<string> Names(Manifest seal) => seal.Blobs.Select(b => b.Name);

    /// <summary>What must be as it was, to the bit. Encoding a segment again need not give the same bits: a rate limit and several threads change them.</summary>
    private static IEnumerable<StoredBlob> Good(Manifest seal, IReadOnlyList<string?> damaged) =>
        seal.Blobs.Where(b => b.Name.EndsWith("init.mp4", StringComparison.Ordinal) || !damaged.Contains(b.Name, StringComparer.Ordinal));

    /// <summary>Runs of ffmpeg for the picture, the sound and the subtitles.</summary>
    private (int Video, int Audio, int Subtitles) Count() =>
        (stage.Runs.Count(IsVideo), stage.Runs.Count(r => r.Contains("-c:a aac", StringComparison.Ordinal)), stage.Runs.Count(r => r.Contains("webvtt", StringComparison.Ordinal)));

    private static bool IsVideo(string run) => run.Contains("-c:v libx264", StringComparison.Ordinal);
}
