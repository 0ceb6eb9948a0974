namespace HlsCache.Core.Segments;

/// <summary>Signed read access to a generation's container.</summary>
/// <param name="Container">The container's URL, without a slash at the end.</param>
/// <param name="Sas">The signature as a query string, without the question mark. A secret: never logged.</param>
public sealed record SegmentAccess(string Container, string Sas)
{
    public string Url(string name) => $"{Container}/{name}?{Sas}";

    public override string ToString() => Container;
}
