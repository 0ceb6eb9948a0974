using HlsCache.Core.Keys;

namespace HlsCache.Service.Generations;

/// <summary>What came of checking a sealed generation.</summary>
/// <param name="Checked">How many blobs were looked at.</param>
/// <param name="Damaged">Those that are not what the seal promises.</param>
/// <param name="Repair">The generation that takes its place, or null when there is none.</param>
public sealed record Audit(int Checked, IReadOnlyList<string> Damaged, Generation? Repair);
