using HlsCache.Storage;

namespace HlsCache.Encoder.Jobs;

/// <summary>Why an attempt failed, as a sentence for the viewer.</summary>
/// <param name="IsFinal">Whether no other attempt at this generation can do better.</param>
public sealed record Failure(string Reason, bool IsFinal)
{
    /// <summary>Whether it counts among those after which a film is given up. What storage refuses says nothing of the film.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>What an exception of an attempt says. Of one that nobody foresaw, its first line: the rest is not for viewers.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        EncodeException e => new(e.Message, e.IsFinal),
        _ when StorageFaults.IsUnavailable(exception) => new(StorageFaults.Explain(exception), IsFinal: false) { Counts = false },
        InvalidDataException e => new(e.Message, IsFinal: false),
        // These name files.
        IOException or UnauthorizedAccessException => new($"The encoder met an error that it does not know ({exception.GetType().Name}).", IsFinal: false),
        _ => new($"The encoder met an error that it does not know: {exception.Message.Split('\n')[0].Trim()}", IsFinal: false),
    };
}
