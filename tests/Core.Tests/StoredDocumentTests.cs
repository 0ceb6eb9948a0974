using System.Text;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

// What is stored outlives the version that wrote it, so its text is pinned.
public sealed class StoredDocumentTests
{
    private const string SmallPlan =
        """
        {"version":1,"key":"8a5da4814e1f6258","generation":"1jdtcq1c8abcdefg","source":"/media/film.mkv","quality":"720p","audio":"0","stamp":"stamp",
        "profile":{"recipe":1,"segmentSeconds":4,"videoCodec":"libx264","preset":"veryfast","crf":21,"audioKilobits":128},
        "video":{"stream":0,"width":1280,"height":720,"deinterlace":false,"level":31,"maxKilobits":3500,
        "grid":{"rate":"24000/1001","head":[0,24,48,96],"step":96},"units":213},
        "sound":{"stream":1,"track":0,"language":"eng","kilobits":128,"grid":{"rate":"375/8","head":[0],"step":188},"units":400},
        "subtitles":[{"stream":3,"language":"deu","name":"Deutsch","forced":false,"skipped":"a bitmap"},{"stream":4,"name":"Forced","forced":true}]}
        """;

    private static readonly EncodePlan Plan = Samples.Plan() with
    {
        Video = Samples.Video(new(24_000, 1001), 213),
        Subtitles = [.. Samples.Plan().Subtitles.Skip(1)],
    };

    [Fact]
    public void A_plan_is_stored_as_this_text() => Write(Plan).ShouldBe(OneLine(SmallPlan));

    [Fact]
    public void A_plan_is_read_back_whole()
    {
        var read = JsonSerializer.Deserialize(SmallPlan, CoreJson.Default.EncodePlan).ShouldNotBeNull();
        read.Video.ShouldBe(Plan.Video);
        read.Sound.ShouldBe(Plan.Sound);
        read.Subtitles.ShouldBe(Plan.Subtitles);
        (read with { Subtitles = Plan.Subtitles }).ShouldBe(Plan);
    }

    [Fact]
    public void What_is_not_there_is_not_written()
    {
        var text = Write(Plan with { Sound = null, Subtitles = [] });
        text.ShouldNotContain("sound");
        JsonSerializer.Deserialize(text, CoreJson.Default.EncodePlan).ShouldNotBeNull().Sound.ShouldBeNull();
    }

    [Fact]
    public void What_a_newer_version_added_is_passed_over()
    {
        var text = OneLine(SmallPlan).Replace("{\"version\":1,", "{\"version\":1,\"novelty\":{\"a\":[1]},", StringComparison.Ordinal);
        JsonSerializer.Deserialize(text, CoreJson.Default.EncodePlan).ShouldNotBeNull().Video.ShouldBe(Plan.Video);
    }

    [Fact]
    public void A_manifest_is_stored_as_this_text_and_read_back_whole()
    {
        var manifest = new Manifest(Manifest.CurrentVersion, Plan, [new("video/init.mp4", 800, "XUFAKrxLKna5cZ2REBfFkg=="), new("subs/0/seg-0.vtt", 5, null)], 1.5, Samples.Now);
        var text = JsonSerializer.Serialize(manifest, CoreJson.Default.Manifest);
        text.ShouldBe($$"""
            {"version":1,"plan":{{OneLine(SmallPlan)}},"blobs":[{"name":"video/init.mp4","size":800,"md5":"XUFAKrxLKna5cZ2REBfFkg=="},{"name":"subs/0/seg-0.vtt","size":5}],"encodeSeconds":1.5,"sealed":"2026-01-02T03:04:05+00:00"}
            """);
        var read = JsonSerializer.Deserialize(text, CoreJson.Default.Manifest).ShouldNotBeNull();
        read.Blobs.ShouldBe(manifest.Blobs);
        (read.Version, read.EncodeSeconds, read.Sealed, read.Bytes).ShouldBe((1, 1.5, Samples.Now, 805));
        read.SizeOf("video/init.mp4").ShouldBe(800);
        read.SizeOf("video/INIT.mp4").ShouldBeNull();
        Write(read.Plan).ShouldBe(OneLine(SmallPlan));
    }

    [Fact]
    public void What_is_whole_is_read()
    {
        EncodePlan.Read(Encoding.UTF8.GetBytes(SmallPlan)).ShouldNotBeNull().Video.ShouldBe(Plan.Video);
        Manifest.Read(Encoding.UTF8.GetBytes(Seal(OneLine(SmallPlan)))).ShouldNotBeNull().Bytes.ShouldBe(800);
    }

    [Theory]
    [InlineData("{\"version\":1", "{\"version\":2")]
    [InlineData("{\"version\":1", "{\"version\":0")]
    [InlineData("{\"version\":1,", "{")]
    [InlineData("{\"version\":1", "{\"version\":\"1\"")]
    [InlineData("\"profile\"", "\"prefab\"")]
    [InlineData("\"subtitles\"", "\"subtotal\"")]
    [InlineData("\"subtitles\":[", "\"subtitles\":[null,")]
    [InlineData("\"grid\"", "\"grit\"")]
    [InlineData("\"rate\"", "\"ratr\"")]
    [InlineData("375/8", "375/0")]
    [InlineData("[0,24,48,96]", "[]")]
    [InlineData("\"step\":96", "\"step\":0")]
    [InlineData("\"units\":213", "\"units\":\"many\"")]
    [InlineData("\"forced\":true}]}", "")]
    public void A_plan_that_is_damaged_or_of_another_version_is_none(string what, string instead)
    {
        var text = OneLine(SmallPlan).Replace(what, instead, StringComparison.Ordinal);
        EncodePlan.Read(Encoding.UTF8.GetBytes(text)).ShouldBeNull();
        Manifest.Read(Encoding.UTF8.GetBytes(Seal(text))).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("\0\0\0\0")]
    [InlineData("<html>")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":1,"subtitles":[],"profile":{"recipe":1}}""")]
    public void What_is_no_document_is_none(string text)
    {
        EncodePlan.Read(Encoding.UTF8.GetBytes(text)).ShouldBeNull();
        Manifest.Read(Encoding.UTF8.GetBytes(text)).ShouldBeNull();
    }

    [Theory]
    [InlineData("{\"version\":1,\"plan\"", "{\"version\":2,\"plan\"")]
    [InlineData("\"plan\"", "\"plans\"")]
    [InlineData("\"blobs\"", "\"blob\"")]
    [InlineData("\"blobs\":[", "\"blobs\":[null,")]
    [InlineData("\"size\":800", "\"size\":8e99")]
    public void A_seal_that_is_damaged_or_of_another_version_is_none(string what, string instead) =>
        Manifest.Read(Encoding.UTF8.GetBytes(Seal(OneLine(SmallPlan)).Replace(what, instead, StringComparison.Ordinal))).ShouldBeNull();

    [Fact]
    public void A_job_is_sent_as_this_text_and_read_back_whole()
    {
        var job = new EncodeJob(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", 2, 20, 40, "/media/film.mkv");
        const string text = """{"version":1,"key":"8a5da4814e1f6258","generation":"1jdtcq1c8abcdefg","attempt":2,"first":20,"end":40,"source":"/media/film.mkv"}""";
        JsonSerializer.Serialize(job, CoreJson.Default.EncodeJob).ShouldBe(text);
        JsonSerializer.Deserialize(text, CoreJson.Default.EncodeJob).ShouldBe(job);
    }

    [Fact]
    public void A_job_that_can_wait_says_so_and_one_that_says_nothing_is_urgent()
    {
        var job = new EncodeJob(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", 1, Priority: JobPriority.Filling, TraceParent: "00-a-b-01");
        const string text = """{"version":1,"key":"8a5da4814e1f6258","generation":"1jdtcq1c8abcdefg","attempt":1,"first":0,"priority":"Filling","traceParent":"00-a-b-01"}""";
        Encoding.UTF8.GetString(EncodeJob.Write(job)).ShouldBe(text);
        EncodeJob.Read(Encoding.UTF8.GetBytes(text)).ShouldBe(job);
        EncodeJob.Read("""{"version":1,"key":"8a5da4814e1f6258","generation":"1jdtcq1c8abcdefg","attempt":1}"""u8).ShouldNotBeNull().Priority.ShouldBe(JobPriority.Urgent);
    }

    [Theory]
    [InlineData("""{"version":2,"key":7}""", 2)]
    [InlineData("""{"version":3,"priority":"Someday","key":"8a5da4814e1f6258"}""", 3)]
    [InlineData("""{"version":2,"key":"8a5da4814e1f6258","generation":"1jdtcq1c8abcdefg","attempt":1}""", 2)]
    public void Of_a_job_of_a_newer_version_the_version_is_read(string text, int version) =>
        EncodeJob.Read(Encoding.UTF8.GetBytes(text)).ShouldNotBeNull().Version.ShouldBe(version);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("film")]
    [InlineData("""{"version":1,"key":7}""")]
    [InlineData("""{"version":"2","key":7}""")]
    [InlineData("""{"version":2e9,"key":7""")]
    [InlineData("""{"version":9e99,"key":7}""")]
    [InlineData("""{"key":7}""")]
    public void What_is_no_job_is_none(string text) => EncodeJob.Read(Encoding.UTF8.GetBytes(text)).ShouldBeNull();

    [Fact]
    public void A_job_that_names_no_segments_is_about_the_whole_film() =>
        JsonSerializer.Deserialize("""{"version":1,"key":"8a5da4814e1f6258","generation":"1jdtcq1c8abcdefg","attempt":1}""", CoreJson.Default.EncodeJob)
            .ShouldBe(new(1, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", 1));

    [Fact]
    public void A_job_names_its_generation_its_message_and_its_film()
    {
        var entry = Samples.Entry(Samples.Request()) with { Attempt = 3 };
        var job = EncodeJob.For(entry);
        job.Id().ShouldBe(entry.Id);
        job.Source.ShouldBe("/media/film.mkv");
        job.MessageId().ShouldBe($"8a5da4814e1f6258-{entry.Id.Generation}-3");
    }

    [Theory]
    [InlineData("8a5da4814e1f625", "1jdtcq1c8abcdefg")]
    [InlineData("8a5da4814e1f6258", "../x")]
    [InlineData(null, "1jdtcq1c8abcdefg")]
    [InlineData("8a5da4814e1f6258", null)]
    public void A_malformed_job_names_no_generation(string? key, string? generation) => new EncodeJob(1, key!, generation!, 1).Id().ShouldBeNull();

    private static string Write(EncodePlan plan) => JsonSerializer.Serialize(plan, CoreJson.Default.EncodePlan);

    private static string Seal(string plan) =>
        $$"""{"version":1,"plan":{{plan}},"blobs":[{"name":"video/init.mp4","size":800}],"encodeSeconds":1.5,"sealed":"2026-01-02T03:04:05+00:00"}""";

    private static string OneLine(string text) => text.ReplaceLineEndings("");
}
