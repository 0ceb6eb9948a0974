using System.Text.Json;
using NCrontab;

namespace HlsCache.Functions.Timers;

/// <summary>When a timer fires: what the <c>function.json</c> beside the executable says, as for the Functions host.</summary>
public sealed class Trigger(string expression)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly CrontabSchedule schedule = CrontabSchedule.Parse(expression, new() { IncludingSeconds = true });

    /// <summary>The trigger of the task of that name.</summary>
    public static Trigger Load(string task)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, task, "function.json")), Lenient);
        return new(document.RootElement.GetProperty("bindings")[0].GetProperty("schedule").GetString()!);
    }

    /// <summary>The first time after <paramref name="after"/>, in UTC.</summary>
    public DateTimeOffset Next(DateTimeOffset after) => new(schedule.GetNextOccurrence(after.UtcDateTime), TimeSpan.Zero);
}
