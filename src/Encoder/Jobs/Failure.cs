namespace HlsCache.Encoder.Jobs;

/// <summary>Why an attempt failed, as a sentence for the viewer.</summary>
/// <param name="IsFinal">Whether no other attempt at this generation can do better.</param>
public sealed record Failure(string Reason, bool IsFinal)
{
    /// <summary>What an exception of an attempt says. Of one that nobody foresaw, its first line: the rest is not for viewers.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        EncodeException e => new(e.Message, e.IsFinal),
        InvalidDataException e => new(e.Message, IsFinal: false),
        // These name files.
        IOException or UnauthorizedAccessException => new($"The encoder met an error that it does not know ({exception.GetType().Name}).", IsFinal: false),
        _ => new($"The encoder met an error that it does not know: {exception.Message.Split('\n')[0].Trim()}", IsFinal: false),
    };
}
