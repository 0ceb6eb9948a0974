namespace HlsCache.Core.Segments;

/// <summary>Compares what a seal promises with what is there.</summary>
public static class Damage
{
    /// <summary>What is damaged, in the order of the plan. Whatever else is there does not matter.</summary>
    public static IReadOnlyList<DamagedBlob> Find(Manifest manifest, IEnumerable<StoredBlob> listed)
    {
        var promised = manifest.Blobs.ToLookup(b => b.Name, StringComparer.Ordinal);
        var present = listed.ToLookup(b => b.Name, StringComparer.Ordinal);
        return
        [
            .. SealedBlobs.Of(manifest.Plan)
                .Select(name => (Name: name, Kind: Compare(promised[name].FirstOrDefault(), present[name].FirstOrDefault())))
                .Where(blob => blob.Kind is not null)
                .Select(blob => new DamagedBlob(blob.Name, blob.Kind!.Value)),
        ];
    }

    // A blob without MD5 was not written by us, unless the seal knows of none either.
    private static DamageKind? Compare(StoredBlob? promised, StoredBlob? present) =>
        promised is null || present is null ? DamageKind.Missing
        : promised.Size != present.Size ? DamageKind.Resized
        : promised.Md5 is not null && !string.Equals(promised.Md5, present.Md5, StringComparison.Ordinal) ? DamageKind.Altered
        : null;
}
