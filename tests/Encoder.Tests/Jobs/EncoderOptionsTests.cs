using HlsCache.Encoder.Jobs;
using HlsCache.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Tests.Jobs;

/// <summary>A bad setting stops the start with a sentence that names it.</summary>
public sealed class EncoderOptionsTests
{
    [Theory]
    [InlineData("30")]
    [InlineData("3600")]
    [InlineData(null)]
    public void A_stall_may_last_from_half_a_minute_to_an_hour(string? seconds) => Validate("Encoder:StallSeconds", seconds);

    [Theory]
    [InlineData("0")]
    [InlineData("29")]
    [InlineData("3601")]
    [InlineData("-1")]
    public void A_stall_of_another_length_is_refused(string seconds) =>
        Should.Throw<OptionsValidationException>(() => Validate("Encoder:StallSeconds", seconds)).Failures
            .ShouldBe(["Encoder__StallSeconds must be between 30 and 3600."]);

    private static void Validate(string name, string? value)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Storage:ConnectionString"] = "UseDevelopmentStorage=true",
            ["Sources:media:Path"] = Repository.Path("tests"),
            [name] = value,
        };
        settings = settings.Where(s => s.Value is not null).ToDictionary(StringComparer.Ordinal);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddEncoder();
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        provider.GetRequiredService<IOptions<EncoderOptions>>().Value.StallSeconds.ShouldBe(int.Parse(value ?? "120", System.Globalization.CultureInfo.InvariantCulture));
    }
}
