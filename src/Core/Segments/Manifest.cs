using System.Text.Json.Serialization;
using HlsCache.Core.Plans;

namespace HlsCache.Core.Segments;

/// <summary>The seal of a generation, stored as <c>.complete</c>: the plan as it came out and every blob with its size and MD5.</summary>
/// <param name="Version">Version of this document's form.</param>
/// <param name="EncodeSeconds">Wall time that the encode took.</param>
public sealed record Manifest(int Version, EncodePlan Plan, IReadOnlyList<StoredBlob> Blobs, double EncodeSeconds, DateTimeOffset Sealed)
{
    public const int CurrentVersion = 1;

    [JsonIgnore]
    public long Bytes => Blobs.Sum(b => b.Size);

    /// <summary>The seal that was stored; null when it is damaged or of another version.</summary>
    public static Manifest? Read(byte[] json) => StoredDocument.Read(
        json,
        CoreJson.Default.Manifest,
        m => m is { Version: CurrentVersion, Plan: not null, Blobs: not null } && EncodePlan.IsWhole(m.Plan) && !m.Blobs.Contains(null!));

    /// <summary>Size in bytes of the blob of that name, or null when the manifest does not list it.</summary>
    public long? SizeOf(string name) => Blobs.FirstOrDefault(b => string.Equals(b.Name, name, StringComparison.Ordinal))?.Size;
}
