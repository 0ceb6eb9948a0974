namespace HlsCache.Encoder.Probing;

/// <summary>ffprobe's answer, the parts that are used.</summary>
internal sealed record ProbeDocument(IReadOnlyList<ProbeStream>? Streams, ProbeFormat? Format);
