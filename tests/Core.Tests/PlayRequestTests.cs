using HlsCache.Core.Keys;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class PlayRequestTests
{
    private const string Audio = "The audio track must be a number from 0, -1 for the film's default, or none.";
    private const string Qualities = "The quality is unknown; choose one of 2160p, 1080p, 720p, 480p, 360p, original, audio.";

    [Fact]
    public void A_request_is_read_into_its_parts()
    {
        var request = PlayRequest.Parse("/media/film.mkv", "720p", "0", out var error).ShouldNotBeNull();
        error.ShouldBeNull();
        (request.Source.Value, request.Quality.Name, request.Audio.Track, request.Key.Value).ShouldBe(("/media/film.mkv", "720p", 0, "8a5da4814e1f6258"));
    }

    [Fact]
    public void Audio_that_is_not_named_is_the_default() => Request(audio: null).Audio.ShouldBe(AudioChoice.Default);

    [Theory]
    [InlineData("media/film.mkv", "720p", "0", "The source must start with / and the name of a root, as in /media/film.mkv.")]
    [InlineData(null, null, null, "The source is missing: name a film as /root/path.")]
    [InlineData("/media/film.mkv", "540p", "0", Qualities)]
    [InlineData("/media/film.mkv", null, "0", Qualities)]
    [InlineData("/media/film.mkv", "", "0", Qualities)]
    [InlineData("/media/film.mkv", "720p", "", Audio)]
    [InlineData("/media/film.mkv", "720p", "01", Audio)]
    [InlineData("/media/film.mkv", "720p", "-2", Audio)]
    [InlineData("/media/film.mkv", "audio", "none", "Quality audio with audio none leaves nothing to play.")]
    public void A_faulty_request_is_refused_with_a_sentence(string? source, string? quality, string? audio, string sentence)
    {
        PlayRequest.Parse(source, quality, audio, out var error).ShouldBeNull();
        error.ShouldBe(sentence);
    }

    [Fact]
    public void Requests_for_the_same_are_equal()
    {
        Samples.Request().ShouldBe(Samples.Request());
        Samples.Request().ShouldNotBe(Samples.Request(audio: "1"));
    }

    [Fact]
    public void A_request_that_was_changed_has_the_key_of_what_it_became()
    {
        var changed = Samples.Request(audio: "-1") with { Audio = AudioChoice.OfTrack(0) };
        changed.Key.ShouldBe(Samples.Request(audio: "0").Key);
        changed.ShouldBe(Samples.Request(audio: "0"));
    }

    private static PlayRequest Request(string? audio) => PlayRequest.Parse("/media/film.mkv", "720p", audio, out _).ShouldNotBeNull();
}
