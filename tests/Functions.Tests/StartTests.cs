using HlsCache.Functions.Tests.Stage;
using HlsCache.Service;
using HlsCache.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;

namespace HlsCache.Functions.Tests;

/// <summary>Settings that stop the start, each with the sentence that names it.</summary>
public sealed class StartTests : IDisposable
{
    private const string Loopback = "http://127.0.0.1:0";
    private const string NoKey = "HlsCache__ApiKey is missing: it is required when the app listens on more than loopback.";
    private const string NoTokenKey = "HlsCache__TokenKey must be base64 of at least 16 bytes.";
    private const string NoHold = "HlsCache__NativeHoldSeconds must be between 1 and 229: Azure cuts a request off at 230 s.";
    private const string NoSize = "HlsCache__SizeGb must be a number of gigabytes, at most 1000000.";

    private readonly Films films = new();
    private readonly LogBook log = new();

    public void Dispose()
    {
        films.Dispose();
        log.Dispose();
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://+:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("http://example.net:0")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0")]
    public async Task Whoever_listens_on_more_than_loopback_needs_a_key(string urls)
    {
        (await RefusalAsync(urls)).ShouldBe(NoKey);
        (await RefusalAsync(urls, ("HlsCache:ApiKey", ""))).ShouldBe(NoKey);
    }

    [Fact]
    public async Task Addresses_given_to_Kestrel_itself_count_too() =>
        (await RefusalAsync(Loopback, ("Kestrel:Endpoints:Public:Url", "http://0.0.0.0:0"))).ShouldBe(NoKey);

    [Theory]
    [InlineData("http://0.0.0.0:0", "a key")]
    [InlineData("http://127.0.0.1:0", null)]
    [InlineData("http://[::1]:0", null)]
    public async Task With_a_key_or_on_loopback_it_starts(string urls, string? key)
    {
        await using var app = Build(urls, ("HlsCache:ApiKey", key));
        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("HlsCache:TokenKey", "not base64!", NoTokenKey)]
    [InlineData("HlsCache:TokenKey", "c2hvcnQ=", NoTokenKey)]
    [InlineData("HlsCache:SegmentSeconds", "0.5", "HlsCache__SegmentSeconds must be between 1 and 10.")]
    [InlineData("HlsCache:SegmentSeconds", "11", "HlsCache__SegmentSeconds must be between 1 and 10.")]
    [InlineData("HlsCache:SegmentSeconds", "NaN", "HlsCache__SegmentSeconds must be between 1 and 10.")]
    [InlineData("HlsCache:NativeHoldSeconds", "0", NoHold)]
    [InlineData("HlsCache:NativeHoldSeconds", "230", NoHold)]
    [InlineData("HlsCache:SizeGb", "NaN", NoSize)]
    [InlineData("HlsCache:SizeGb", "Infinity", NoSize)]
    [InlineData("HlsCache:SizeGb", "1000001", NoSize)]
    [InlineData("HlsCache:OrphanMinutes", "0", "HlsCache__OrphanMinutes must be between 1 and 1440.")]
    [InlineData("HlsCache:OrphanMinutes", "1441", "HlsCache__OrphanMinutes must be between 1 and 1440.")]
    [InlineData("HlsCache:MaxQueuedEncodes", "0", "HlsCache__MaxQueuedEncodes must be at least 1.")]
    [InlineData("HlsCache:ContainerPrefix", "Not A Name", "HlsCache__ContainerPrefix must be 1 to 20 lower-case letters or digits.")]
    [InlineData("Encode:Crf", "0", "Encode__Crf must be between 1 and 51.")]
    [InlineData("Encode:Crf", "52", "Encode__Crf must be between 1 and 51.")]
    [InlineData("Encode:Preset", "quick", "Encode__Preset must be one of ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow.")]
    [InlineData("Encode:Preset", "", "Encode__Preset must be one of ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow.")]
    [InlineData("Encode:VideoCodec", "libx265", "Encode__VideoCodec must be libx264.")]
    [InlineData("Encode:AudioKilobits", "16", "Encode__AudioKilobits must be between 32 and 512.")]
    [InlineData("Queue:PollMilliseconds", "1", "Queue__PollMilliseconds must be between 10 and 60000.")]
    [InlineData("Storage:ConnectionString", "", "Storage__ConnectionString is missing: set it to the connection string of the storage account, or Storage__AccountName to its name.")]
    [InlineData("Sources:media:Path", "/no/such/folder", "Sources__media__Path: there is no directory /no/such/folder.")]
    public async Task A_bad_setting_stops_the_start(string setting, string value, string sentence) =>
        (await RefusalAsync(Loopback, (setting, value))).ShouldBe(sentence);

    [Theory]
    [InlineData("HlsCache:SegmentSeconds", "four")]
    [InlineData("HlsCache:NativeHoldSeconds", "1.5")]
    [InlineData("HlsCache:SizeGb", "five")]
    [InlineData("HlsCache:OrphanMinutes", "ten")]
    [InlineData("HlsCache:MaxQueuedEncodes", "many")]
    [InlineData("HlsCache:Enabled", "maybe")]
    [InlineData("Encode:Crf", "high")]
    public async Task A_setting_that_is_no_number_stops_the_start_and_is_named(string setting, string value)
    {
        await using var app = Build(Loopback, (setting, value));

        var refused = await Should.ThrowAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        refused.Message.ShouldContain(setting);
    }

    [Theory]
    [InlineData("HlsCache:SegmentSeconds", "1")]
    [InlineData("HlsCache:SegmentSeconds", "10")]
    [InlineData("HlsCache:NativeHoldSeconds", "229")]
    [InlineData("HlsCache:TokenKey", "MDEyMzQ1Njc4OWFiY2RlZg==")]
    [InlineData("HlsCache:TokenKey", "")]
    [InlineData("HlsCache:SizeGb", "1000000")]
    [InlineData("HlsCache:OrphanMinutes", "1440")]
    [InlineData("HlsCache:MaxQueuedEncodes", "1")]
    [InlineData("HlsCache:Enabled", "false")]
    [InlineData("HlsCache:AdminKey", "")]
    [InlineData("Encode:Crf", "51")]
    [InlineData("Encode:Preset", "ultrafast")]
    public async Task Settings_at_their_limits_start(string setting, string value)
    {
        await using var app = Build(Loopback, (setting, value));
        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("0.99")]
    [InlineData("0")]
    [InlineData("-5")]
    public async Task A_cache_too_small_for_a_film_is_raised_with_a_warning(string size)
    {
        await using var app = Build(Loopback, ("HlsCache:SizeGb", size));
        await app.StartAsync(TestContext.Current.CancellationToken);

        app.Services.GetRequiredService<IOptions<HlsCacheOptions>>().Value.BudgetBytes().ShouldBe(1L << 30);
        log.Lines.Where(l => l.Contains($"HlsCache__SizeGb is {size}, which is too little to hold a film: 1 is taken.")).ShouldHaveSingleItem().ShouldStartWith("Warning");
    }

    [Fact]
    public async Task A_cache_of_the_usual_size_starts_without_a_warning()
    {
        await using var app = Build(Loopback);
        await app.StartAsync(TestContext.Current.CancellationToken);

        app.Services.GetRequiredService<IOptions<HlsCacheOptions>>().Value.BudgetBytes().ShouldBe(5L << 30);
        log.Lines.ShouldNotContain(l => l.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_key_of_players_does_not_open_what_is_the_operators() =>
        (await RefusalAsync(Loopback, ("HlsCache:ApiKey", "one"), ("HlsCache:AdminKey", "one"))).ShouldBe(
            "HlsCache__AdminKey must not be HlsCache__ApiKey: whoever may play could then delete.");

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT must be the URL of a collector, as in http://localhost:4317.")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "my-resource", "APPLICATIONINSIGHTS_CONNECTION_STRING must be the connection string of an Application Insights resource, as in InstrumentationKey=…;IngestionEndpoint=….")]
    public async Task Where_telemetry_goes_must_be_a_place(string name, string value, string sentence) =>
        (await RefusalAsync(Loopback, (name, value))).ShouldBe(sentence);

    [Fact]
    public async Task Nothing_is_collected_when_nobody_is_to_be_told()
    {
        await using var app = Build(Loopback);
        app.Services.GetService<TracerProvider>().ShouldBeNull();
        await using var telling = Build(Loopback, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317"));
        telling.Services.GetService<TracerProvider>().ShouldNotBeNull();
    }

    private async Task<string> RefusalAsync(string urls, params (string Name, string? Value)[] settings)
    {
        await using var app = Build(urls, settings);
        return (await Should.ThrowAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken))).Message;
    }

    private WebApplication Build(string urls, params (string Name, string? Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection([new("Storage:ConnectionString", FakeAccount.ConnectionString), new("Sources:media:Path", films.Folder)]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Name, s.Value)));
        builder.WebHost.UseUrls(urls);
        builder.AddHlsCache();
        builder.Services.AddSingleton<ILoggerProvider>(log);
        var app = builder.Build();
        app.MapHlsCache();
        return app;
    }
}
