namespace HlsCache.Core.Keys;

/// <summary>What is to be played: a film, how large, with which sound.</summary>
public sealed record PlayRequest(SourcePath Source, Quality Quality, AudioChoice Audio)
{
    /// <summary>Tells apart what each session has for itself, where nothing is kept for others; null where all who ask for the same share it.</summary>
    public string? Private { get; init; }

    // Computed each time: an initialised property would keep the old key in a copy made by `with`.
    public EntryKey Key => EntryKey.Of(Source, Quality, Audio, Private);

    /// <summary>Reads a request as a caller wrote it; <paramref name="error"/> says what is wrong with one that is refused.</summary>
    public static PlayRequest? Parse(string? source, string? quality, string? audio, out string? error)
    {
        if (SourcePath.Parse(source, out error) is not { } path)
        {
            return null;
        }

        if (Quality.Parse(quality) is not { } q)
        {
            error = $"The quality is unknown; choose one of {string.Join(", ", Quality.All)}.";
            return null;
        }

        if (AudioChoice.Parse(audio ?? "-1") is not { } a)
        {
            error = "The audio track must be a number from 0, -1 for the film's default, or none.";
            return null;
        }

        if (a.IsNone && !q.HasVideo)
        {
            error = "Quality audio with audio none leaves nothing to play.";
            return null;
        }

        return new(path, q, a);
    }
}
