namespace HlsCache.Service.Upkeep;

/// <summary>Upkeep that a timer starts, or an operator.</summary>
public interface IScheduledTask
{
    /// <summary>Names the task, its trigger and its routes: lower-case letters and hyphens.</summary>
    string Name { get; }

    /// <summary>Whether it is also run when an instance that fires its own timers starts.</summary>
    bool RunsAtStart => false;

    /// <summary>Does the work of now, and says in one line what was done. Any instance may be doing the same.</summary>
    Task<string> RunAsync(CancellationToken cancellationToken);
}
