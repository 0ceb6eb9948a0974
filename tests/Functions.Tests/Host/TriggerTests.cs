using System.Text.Json;
using HlsCache.Functions.Timers;

namespace HlsCache.Functions.Tests.Host;

/// <summary>The schedules, which the Functions host and the app's own timers read from the same files.</summary>
public sealed class TriggerTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 31, 23, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("sweep", "2027-01-01T00:00:00Z", "2027-01-01T01:00:00Z")]
    [InlineData("reap", "2026-12-31T23:10:00Z", "2026-12-31T23:20:00Z")]
    [InlineData("daily-stats", "2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z")]
    public void A_task_falls_due_when_its_file_says(string task, string first, string second)
    {
        var trigger = Trigger.Load(task);
        var next = trigger.Next(Now);
        next.ShouldBe(DateTimeOffset.Parse(first));
        trigger.Next(next).ShouldBe(DateTimeOffset.Parse(second));
    }

    [Fact]
    public void A_time_of_another_zone_is_the_same_instant() => Trigger.Load("daily-stats").Next(Now.ToOffset(TimeSpan.FromHours(5))).ShouldBe(new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("sweep")]
    [InlineData("reap")]
    [InlineData("daily-stats")]
    public void The_file_is_what_the_Functions_host_takes_for_a_timer(string task)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Join(AppContext.BaseDirectory, task, "function.json")));
        var binding = document.RootElement.GetProperty("bindings").EnumerateArray().ShouldHaveSingleItem();
        binding.GetProperty("type").GetString().ShouldBe("timerTrigger");
        binding.GetProperty("direction").GetString().ShouldBe("in");
        binding.GetProperty("name").GetString().ShouldBe("timer");
        binding.GetProperty("schedule").GetString()!.Split(' ').Length.ShouldBe(6);
    }
}
