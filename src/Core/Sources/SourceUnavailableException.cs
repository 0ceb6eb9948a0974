namespace HlsCache.Core.Sources;

/// <summary>A root could not be asked or read, which says nothing of its films. The message is a sentence for the operator.</summary>
public sealed class SourceUnavailableException(string message, Exception inner) : Exception(message, inner);
