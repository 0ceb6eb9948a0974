namespace HlsCache.Encoder;

/// <summary>An attempt that cannot go on. The message is a sentence for the viewer.</summary>
public sealed class EncodeException(string message) : Exception(message)
{
    /// <summary>Whether no other attempt at this generation can do better.</summary>
    public bool IsFinal { get; init; }
}
