namespace HlsCache.Functions.Admin;

/// <param name="Checked">How many blobs were looked at; 0 when nothing is sealed.</param>
/// <param name="Damaged">Names of those that are not what the seal promises.</param>
/// <param name="Repair">The generation that takes its place, or null.</param>
internal sealed record VerifyAnswer(int Checked, IReadOnlyList<string> Damaged, string? Repair);
