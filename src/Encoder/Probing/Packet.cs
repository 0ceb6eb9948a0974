namespace HlsCache.Encoder.Probing;

/// <summary>One packet of a stream, in seconds of the container's own time and bytes.</summary>
/// <param name="Pts">When it is shown; null when the container does not say.</param>
/// <param name="IsCut">Whether an edit list cuts it away.</param>
public readonly record struct Packet(double? Pts, double Duration, long Bytes, bool IsKey, bool IsCut)
{
    public double? End => Pts + Duration;
}
