namespace HlsCache.Infra.Tests.Bicep;

/// <summary>The names of settings in the template and in the code are the same, both ways.</summary>
public sealed class SettingTests(BicepFixture bicep)
{
    [Fact]
    public void The_code_reads_what_the_template_gives_the_app() =>
        Given(s => s.AppSettings().Keys, "appSettings").Except(SettingNames.App, StringComparer.Ordinal).Except(SettingNames.Platform, StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void The_code_reads_what_the_template_gives_the_encoder() =>
        Given(s => s.EncoderSettings().Keys, "encoderSettings").Except(SettingNames.Encoder, StringComparer.Ordinal).Except(SettingNames.Platform, StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void The_template_sets_what_the_code_reads_or_leaves_it_for_a_reason() =>
        SettingNames.App.Union(SettingNames.Encoder, StringComparer.Ordinal)
            .Except(Given(s => s.AppSettings().Keys, "appSettings"), StringComparer.Ordinal)
            .Except(Given(s => s.EncoderSettings().Keys, "encoderSettings"), StringComparer.Ordinal)
            .Except(SettingNames.NotInTheTemplate.Keys, StringComparer.Ordinal)
            .ShouldBeEmpty();

    [Fact]
    public void Nothing_is_both_set_and_left() =>
        SettingNames.NotInTheTemplate.Keys
            .Intersect(Given(s => s.AppSettings().Keys, "appSettings").Concat(Given(s => s.EncoderSettings().Keys, "encoderSettings")), StringComparer.Ordinal)
            .ShouldBeEmpty();

    [Fact]
    public void App_and_encoders_agree_on_what_they_share()
    {
        foreach (var snapshot in new[] { bicep.Full, bicep.Other })
        {
            var app = snapshot.AppSettings();
            var shared = snapshot.EncoderSettings().Where(s => s.Key.StartsWith("Storage__", StringComparison.Ordinal)
                || s.Key.StartsWith("Sources__", StringComparison.Ordinal) || s.Key is "Queue__Kind" or "Queue__Name").ToList();
            shared.Count.ShouldBe(5);
            shared.ShouldAllBe(s => app[s.Key] == s.Value);
            app.ContainsKey("Queue__Namespace").ShouldBe(snapshot.EncoderSettings().ContainsKey("Queue__Namespace"));
        }
    }

    /// <summary>What the template sets by itself and what a parameter of that type lets an operator set.</summary>
    private HashSet<string> Given(Func<Snapshot, IEnumerable<string>> set, string type) =>
        new[] { bicep.Bare, bicep.Full, bicep.Other }.SelectMany(set)
            .Concat(bicep.Template.At("definitions").EnumerateObject().Single(d => d.Name.EndsWith(type, StringComparison.Ordinal)).Value.At("properties").EnumerateObject().Select(p => p.Name))
            .ToHashSet(StringComparer.Ordinal);
}
