namespace HlsCache.Service.Plays;

/// <summary>Where a sealed film's blobs are.</summary>
/// <param name="Container">The container's URL.</param>
/// <param name="Sas">Query string that lets them be read. A secret.</param>
/// <param name="Init">Name of the init segment.</param>
/// <param name="Segments">How many segments follow it.</param>
public sealed record BlobAccess(string Container, string Sas, string Init, int Segments);
