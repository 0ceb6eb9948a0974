namespace HlsCache.Core.Sources;

/// <summary>Which files a listing shows. Any file may be played by name.</summary>
public static class MediaFiles
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mp4", ".m4v", ".mkv", ".mov", ".webm", ".ts", ".m2ts", ".mts", ".avi", ".mpg", ".mpeg", ".ogv", ".flv", ".wmv", ".3gp",
        ".mp3", ".m4a", ".m4b", ".flac", ".ogg", ".opus", ".wav", ".aac", ".mka",
    };

    public static bool IsMedia(string name) => Extensions.Contains(Path.GetExtension(name));
}
