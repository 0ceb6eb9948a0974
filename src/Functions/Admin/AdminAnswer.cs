namespace HlsCache.Functions.Admin;

/// <param name="Task">Which task was run.</param>
/// <param name="Summary">What it did, in one line.</param>
internal sealed record AdminAnswer(string Task, string Summary);
