namespace HlsCache.Local.Tests;

public sealed class LocalOptionsTests
{
    private static readonly LocalOptions Defaults = new(7071, null, "/clone/.data", 1);

    [Fact]
    public void Nothing_asked_is_the_defaults() => Parse().ShouldBe(Defaults);

    [Fact]
    public void Every_option_is_read() =>
        Parse("--port", "8080", "--media", "/films", "--data", "/cache", "--encoders", "3").ShouldBe(new(8080, "/films", "/cache", 3));

    [Fact]
    public void A_value_may_stand_behind_an_equals_sign() => Parse("--port=8080", "--data=/a=b").ShouldBe(Defaults with { Port = 8080, Data = "/a=b" });

    [Fact]
    public void The_last_of_two_counts() => Parse("--port", "1", "--port", "2").ShouldBe(Defaults with { Port = 2 });

    [Theory]
    [InlineData("films", "/home/me/films")]
    [InlineData("../films/", "/home/films/")]
    [InlineData("/films", "/films")]
    public void A_path_is_meant_from_where_the_caller_is(string path, string expected)
    {
        Parse("--media", path).Media.ShouldBe(expected);
        Parse("--data", path).Data.ShouldBe(expected);
    }

    [Theory]
    [InlineData("--port", "1")]
    [InlineData("--port", "65535")]
    [InlineData("--encoders", "1")]
    [InlineData("--encoders", "64")]
    public void Numbers_may_be_as_large_as_their_limits(string name, string value) => LocalOptions.Parse([name, value], Defaults, "/", out _).ShouldNotBeNull();

    [Theory]
    [InlineData("--port", "0")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--port", "+1")]
    [InlineData("--port", " 1")]
    [InlineData("--port", "http")]
    [InlineData("--port", "99999999999999999999")]
    public void A_port_that_is_none_is_refused(string name, string value) =>
        Error(name, value).ShouldBe($"--port must be a number from 1 to 65535, not '{value}'.");

    [Theory]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("1.5")]
    public void A_number_of_encoders_that_cannot_be_is_refused(string value) =>
        Error("--encoders", value).ShouldBe($"--encoders must be a number from 1 to 64, not '{value}'.");

    [Theory]
    [InlineData("--port")]
    [InlineData("--media")]
    [InlineData("--data")]
    [InlineData("--encoders")]
    public void An_option_needs_a_value(string name)
    {
        Error(name).ShouldBe($"{name} needs a value; ./run --help shows how.");
        Error(name, "").ShouldBe($"{name} needs a value; ./run --help shows how.");
        Error($"{name}=").ShouldBe($"{name} needs a value; ./run --help shows how.");
    }

    [Theory]
    [InlineData("--prot")]
    [InlineData("film.mkv")]
    [InlineData("-p")]
    [InlineData("")]
    public void What_is_no_option_is_refused(string word)
    {
        Error(word).ShouldBe($"{word} is not an option; ./run --help lists them.");
        Error("--port", "8080", word, "x").ShouldBe($"{word} is not an option; ./run --help lists them.");
    }

    [Fact]
    public void The_first_error_is_the_one_told() => Error("--port", "x", "--encoders", "y").ShouldContain("--port");

    private static LocalOptions Parse(params string[] arguments)
    {
        var options = LocalOptions.Parse(arguments, Defaults, "/home/me", out var error);
        error.ShouldBeNull();
        return options.ShouldNotBeNull();
    }

    private static string Error(params string[] arguments)
    {
        LocalOptions.Parse(arguments, Defaults, "/home/me", out var error).ShouldBeNull();
        return error.ShouldNotBeNull();
    }
}
