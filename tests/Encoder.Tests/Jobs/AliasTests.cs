using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Tests.Stage;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;

namespace HlsCache.Encoder.Tests.Jobs;

/// <summary>Requests that make the same bytes: they are encoded once, under one key.</summary>
public sealed class AliasTests : IAsyncDisposable
{
    private readonly EncoderStage stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Theory]
    [InlineData("360p", "-1", "360p", "0")]
    [InlineData("1080p", "0", "360p", "0")]
    [InlineData("2160p", "-1", "360p", "0")]
    [InlineData("1080p", "none", "360p", "none")]
    [InlineData("original", "-1", "original", "0")]
    [InlineData("audio", "-1", "audio", "0")]
    public async Task What_makes_the_same_bytes_as_another_is_encoded_as_that(string quality, string audio, string canonicalQuality, string canonicalAudio)
    {
        await stage.FilmAsync("film.mp4", 1);
        var alias = await PlayAsync(quality, audio);

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        var canonical = Request(canonicalQuality, canonicalAudio);
        var entry = await ShouldBeOneAsync(alias, canonical);
        (await stage.SealAsync(entry)).Plan.ShouldSatisfyAllConditions(
            p => (p.Key, p.Generation).ShouldBe((entry.Id.Key.Value, entry.Id.Generation.Value)),
            p => (p.Quality, p.Audio).ShouldBe((canonicalQuality, canonicalAudio)));
        (entry.Stamp, entry.Profile, entry.Reason).ShouldBe((alias.Stamp, alias.Profile, MissReason.Cold));
    }

    [Fact]
    public async Task What_a_newer_version_is_at_is_left_to_it_when_an_alias_leads_there()
    {
        await stage.FilmAsync("film.mp4", 1);
        var canonical = await PlayAsync("360p", "0");
        stage.Entries.Upgrade(canonical.Id);
        await using (var taken = await stage.Queue.ReceiveAsync(Token))
        {
            await taken.CompleteAsync(Token);
        }

        await PlayAsync("360p", "-1");

        (await stage.WorkAsync()).ShouldBe(new JobOutcome.HandBack(TimeSpan.FromSeconds(15)));

        stage.Entries.Rows.Count(r => r.Id.Key == canonical.Id.Key).ShouldBe(1);
    }

    [Fact]
    public async Task A_request_that_is_its_own_stays_what_it_is()
    {
        await stage.FilmAsync("film.mp4", 1);
        var entry = await PlayAsync("360p", "0");

        await stage.WorkAsync();

        (await stage.RowAsync(entry)).State.ShouldBe(EntryState.Complete);
        (await stage.Entries.ReadAsync(entry.Id.Key, Token)).Alias.ShouldBeNull();
    }

    [Fact]
    public async Task What_the_source_decides_gets_no_container_of_its_own()
    {
        await stage.FilmAsync("film.mp4", 1);
        await PlayAsync("360p", "-1");
        var containers = 0;
        stage.Segments.BeforeCreate = _ => Task.FromResult(containers++);

        await stage.WorkAsync();

        containers.ShouldBe(1);
    }

    [Fact]
    public async Task Every_way_to_ask_for_one_film_makes_one_encode()
    {
        await stage.FilmAsync("film.mp4", 1);
        var inits = 0;
        stage.Segments.AfterPut = name => inits += name == "video/init.mp4" ? 1 : 0;

        foreach (var (quality, audio) in new[] { ("360p", "-1"), ("1080p", "0"), ("2160p", "-1"), ("480p", "0") })
        {
            var alias = await PlayAsync(quality, audio);
            (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
            await ShouldBeOneAsync(alias, Request("360p", "0"));
        }

        inits.ShouldBe(1);
    }

    [Fact]
    public async Task Two_encoders_that_get_two_aliases_at_once_make_one_encode()
    {
        await stage.FilmAsync("film.mp4", 10);
        var inits = 0;
        stage.Segments.AfterPut = name => inits += name == "video/init.mp4" ? 1 : 0;
        Entry[] aliases = [await PlayAsync("360p", "-1"), await PlayAsync("1080p", "0")];

        var outcomes = await Task.WhenAll(stage.WorkAsync(), stage.WorkAsync());

        outcomes.ShouldContain(o => o is JobOutcome.Done);
        await WorkToTheEndAsync();
        inits.ShouldBe(1);
        foreach (var alias in aliases)
        {
            await ShouldBeOneAsync(alias, Request("360p", "0"));
        }
    }

    [Theory]
    [InlineData("360p", "-1")]
    [InlineData("1080p", "0")]
    public async Task Two_encoders_that_get_the_same_job_at_once_make_one_encode(string quality, string audio)
    {
        await stage.FilmAsync("film.mp4", 10);
        var inits = 0;
        stage.Segments.AfterPut = name => inits += name == "video/init.mp4" ? 1 : 0;
        var alias = await PlayAsync(quality, audio);
        await stage.Queue.SendAsync(EncodeJob.For(alias), TimeSpan.FromHours(1), Token);

        await Task.WhenAll(stage.WorkAsync(), stage.WorkAsync());
        await WorkToTheEndAsync();

        inits.ShouldBe(1);
        await ShouldBeOneAsync(alias, Request("360p", "0"));
    }

    [Theory]
    [InlineData("360p", "-1")]
    [InlineData("1080p", "0")]
    public async Task An_encoder_that_dies_at_any_write_leaves_a_message_that_leads_to_the_end(string quality, string audio)
    {
        await stage.FilmAsync("film.mp4", 1);
        var isDead = true;
        for (var fatal = 1; isDead; fatal++)
        {
            File.Copy(Path.Join(stage.Media, "film.mp4"), Path.Join(stage.Media, $"{fatal}.mp4"));
            var alias = await PlayAsync(quality, audio, $"{fatal}.mp4");
            isDead = await DieAsync(fatal);
            // Claimed, begun, pointed, deleted, claimed, planned, measured, sealed.
            (isDead || fatal > 8).ShouldBeTrue();
            await WorkToTheEndAsync();
            await ShouldBeOneAsync(alias, Request("360p", "0", $"{fatal}.mp4"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_message_of_the_alias_stands_for_the_other_once_it_is_claimed(bool isConfirmed)
    {
        await stage.FilmAsync("film.mp4", 1);
        var sent = Samples.Now;
        var alias = await stage.PlayAsync("film.mp4", "360p", "-1");
        alias = (await stage.Entries.TryUpdateAsync(alias with { EnqueuedAt = sent, SentAt = isConfirmed ? sent.AddSeconds(1) : null }, Token)).ShouldNotBeNull();
        var canonical = Request("360p", "0");
        DateTimeOffset? before = sent;
        stage.EntryWrites.After = (call, key) => before = call == "point" ? stage.Entries.Rows.Single(r => r.Id.Key == canonical.Key).SentAt : before;

        await stage.WorkAsync();

        // Until then, whoever joins may send one of its own: an encoder that died has claimed nothing.
        before.ShouldBeNull();
        (await stage.RowAsync(canonical)).SentAt.ShouldBe(isConfirmed ? sent.AddSeconds(1) : sent);
    }

    [Fact]
    public async Task What_another_encodes_is_handed_back_and_followed_later()
    {
        await stage.FilmAsync("film.mp4", 1);
        var entry = await PlayAsync("360p", "0");
        await stage.Blobs.CreateAsync(entry.Id, Token);
        var lease = await stage.Leases.TryAcquireAsync(entry.Id, BlobNames.Writer, Token);
        await using var own = await stage.Queue.ReceiveAsync(Token);
        var alias = await PlayAsync("360p", "-1");

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.HandBack>();

        // The key leads to the other already.
        (await stage.Entries.ReadAsync(alias.Id.Key, Token)).Alias.ShouldNotBeNull();
        await lease.ShouldNotBeNull().DisposeAsync();
        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();
        await ShouldBeOneAsync(alias, entry.Request);
    }

    [Fact]
    public async Task What_is_joined_keeps_its_settings()
    {
        await stage.FilmAsync("film.mp4", 1);
        var canonical = Request("360p", "0");
        var alias = await PlayAsync("360p", "-1");
        // Begun a moment ago by an app of other settings, which is too young to be replaced.
        var profile = alias.Profile with { Crf = 40, SegmentSeconds = 2 };
        var joined = Samples.Entry(canonical) with { Stamp = alias.Stamp, Profile = profile, Created = TimeProvider.System.GetUtcNow() };
        await stage.Entries.TryStartAsync(joined, null, Token);

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        var entry = await ShouldBeOneAsync(alias, canonical);
        entry.Id.ShouldBe(joined.Id);
        (await stage.SealAsync(entry)).Plan.ShouldSatisfyAllConditions(p => p.Profile.ShouldBe(profile), p => p.Video!.Grid.ShouldBe(SegmentGrid(2)));

        static Core.Plans.SegmentGrid SegmentGrid(double seconds) => Core.Plans.SegmentGrid.ForVideo(new(25, 1), seconds);
    }

    [Fact]
    public async Task What_is_over_under_the_other_key_is_not_begun_again()
    {
        await stage.FilmAsync("film.mp4", 1);
        var canonical = Request("360p", "0");
        var alias = await PlayAsync("360p", "-1");
        var failed = Samples.Entry(canonical) with { Stamp = alias.Stamp, Profile = alias.Profile, State = EntryState.Failed, FailedAt = TimeProvider.System.GetUtcNow() };
        await stage.Entries.TryStartAsync(failed, null, Token);

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        (await stage.Entries.ReadAsync(alias.Id.Key, Token)).Alias.ShouldNotBeNull();
        (await stage.RowAsync(canonical)).Id.ShouldBe(failed.Id);
        stage.Blobs.Containers.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_alias_of_that_key_which_other_bytes_made_is_replaced()
    {
        await stage.FilmAsync("film.mp4", 1);
        var canonical = Request("360p", "0");
        await stage.Entries.TryStartAsync(Samples.Entry(canonical), null, Token);
        var pointer = (await stage.Entries.ReadAsync(canonical.Key, Token)).Pointer.ShouldNotBeNull();
        await stage.Entries.TryPointAsync(pointer with { Alias = new(Quality.Original, AudioChoice.None, "other") }, Token);
        stage.Entries.Remove(new(canonical.Key, pointer.Generation));
        var alias = await PlayAsync("360p", "-1");

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        (await stage.RowAsync(canonical)).ShouldSatisfyAllConditions(e => e.State.ShouldBe(EntryState.Complete), e => e.Reason.ShouldBe(MissReason.SourceChanged));
        (await stage.Entries.ReadAsync(alias.Id.Key, Token)).Alias.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_key_that_another_play_began_anew_meanwhile_is_left_alone()
    {
        await stage.FilmAsync("film.mp4", 1);
        var alias = await PlayAsync("360p", "-1");
        Entry? next = null;
        stage.EntryWrites.Before = async (call, _) =>
        {
            if (call == "start")
            {
                var pointer = (await stage.Entries.ReadAsync(alias.Id.Key, Token)).Pointer;
                next = await stage.Entries.TryStartAsync(Samples.Entry(alias.Request, alias.Id.Generation), pointer, Token);
            }
        };

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        (await stage.Entries.ReadAsync(alias.Id.Key, Token)).Current.ShouldBe(next.ShouldNotBeNull());
        (await stage.RowAsync(Request("360p", "0"))).State.ShouldBe(EntryState.Complete);
    }

    [Fact]
    public async Task A_job_whose_row_goes_while_the_film_is_looked_at_looks_again()
    {
        await stage.FilmAsync("film.mp4", 1);
        var alias = await PlayAsync("360p", "-1");
        // Another that lost this very message has made it an alias, and may stop at any moment.
        var canonical = Request("360p", "0");
        stage.EntryWrites.Before = async (call, key) =>
        {
            if (call == "update" && key == alias.Id.Key)
            {
                await stage.Get<AliasWork>().StandInAsync(alias, canonical, Token);
                await stage.Get<AliasWork>().FlipAsync(alias, canonical, Token);
            }
        };

        (await stage.WorkAsync()).ShouldBe(new JobOutcome.HandBack(TimeSpan.Zero));
        await WorkToTheEndAsync();

        await ShouldBeOneAsync(alias, canonical);
    }

    [Fact]
    public async Task A_job_that_finds_the_other_begun_for_other_bytes_is_over()
    {
        await stage.FilmAsync("film.mp4", 1);
        var alias = await PlayAsync("360p", "-1");
        var canonical = Request("360p", "0");
        var pointer = (await stage.Entries.ReadAsync(alias.Id.Key, Token)).Pointer.ShouldNotBeNull();
        await stage.Entries.TryPointAsync(pointer with { Alias = new(canonical.Quality, canonical.Audio, alias.Stamp) }, Token);
        var newer = await stage.Entries.TryStartAsync(Samples.Entry(canonical) with { Stamp = "newer" }, null, Token);

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        (await stage.RowAsync(canonical)).ShouldBe(newer);
        (await stage.Entries.FindAsync(alias.Id, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_film_that_cannot_be_encoded_fails_under_the_key_that_was_asked_for()
    {
        await File.WriteAllTextAsync(Path.Join(stage.Media, "film.mp4"), "This is no film.", Token);
        var alias = await PlayAsync("360p", "-1");

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        (await stage.RowAsync(alias)).State.ShouldBe(EntryState.Failed);
        stage.Entries.Rows.ShouldHaveSingleItem();
        stage.Blobs.Containers.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_earlier_version_began_under_its_own_key_is_ended_there()
    {
        await stage.FilmAsync("film.mp4", 1);
        var alias = await PlayAsync("360p", "-1");
        await stage.Entries.TryUpdateAsync(alias with { Planned = true }, Token);

        (await stage.WorkAsync()).ShouldBeOfType<JobOutcome.Done>();

        (await stage.RowAsync(alias)).State.ShouldBe(EntryState.Complete);
        stage.Entries.Rows.ShouldHaveSingleItem();
    }

    /// <summary>Works until the encoder dies at the <paramref name="fatal"/>-th write; false when it came to its end before.</summary>
    private async Task<bool> DieAsync(int fatal)
    {
        var writes = 0;
        stage.EntryWrites.Before = (_, _) =>
            Interlocked.Increment(ref writes) < fatal ? Task.CompletedTask : throw new IOException("The encoder is dead.");
        await using var job = await stage.Queue.ReceiveAsync(Token);
        try
        {
            await stage.Get<JobHandler>().HandleAsync(job, Token);
        }
        catch (IOException)
        {
        }

        stage.EntryWrites.Before = (_, _) => Task.CompletedTask;
        if (writes >= fatal)
        {
            stage.Queue.LoseHeld();
            return true;
        }

        await job.CompleteAsync(Token);
        return false;
    }

    private async Task WorkToTheEndAsync()
    {
        while (stage.Queue.Count > 0)
        {
            await stage.WorkAsync();
        }
    }

    private Task<Entry> PlayAsync(string quality, string audio, string film = "film.mp4") => stage.PlayAsync(film, quality, audio);

    private static PlayRequest Request(string quality, string audio, string film = "film.mp4") => Samples.Request($"/media/{film}", quality, audio);

    /// <summary>The sealed entry that the alias leads to, of which there is one, and of the alias only the pointer.</summary>
    private async Task<Entry> ShouldBeOneAsync(Entry alias, PlayRequest canonical)
    {
        (await stage.Entries.ReadAsync(alias.Id.Key, Token)).Alias.ShouldBe(new(canonical.Quality, canonical.Audio, alias.Stamp));
        var ofFilm = stage.Entries.Rows.Where(r => r.Request.Source == alias.Request.Source).ToList();
        var entry = ofFilm.ShouldHaveSingleItem();
        (entry.Request, entry.State).ShouldBe((canonical, EntryState.Complete));
        stage.Blobs.Containers.ShouldContain(entry.Id);
        stage.Blobs.Containers.ShouldNotContain(id => id.Key == alias.Id.Key);
        return entry;
    }
}
