using HlsCache.Core.Jobs;

namespace HlsCache.Testing.InMemory;

internal sealed class InMemoryMessage(string text, JobPriority priority)
{
    public string Text { get; } = text;

    public JobPriority Priority { get; } = priority;

    public required DateTimeOffset Visible { get; set; }

    public required DateTimeOffset Dies { get; init; }

    public long Deliveries { get; set; }

    /// <summary>Who has taken it, or null while it is (or will be) there to take.</summary>
    public InMemoryReceivedJob? Holder { get; set; }
}
