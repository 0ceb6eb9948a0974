namespace HlsCache.Core.Keys;

/// <summary>What a viewer asks for: a height that is never exceeded and never upscaled to, the source as it is, or its sound alone.</summary>
public sealed record Quality
{
    public static readonly Quality Original = new("original", int.MaxValue);
    public static readonly Quality AudioOnly = new("audio", 0);

    public static readonly IReadOnlyList<Quality> All =
    [
        new("2160p", 2160), new("1080p", 1080), new("720p", 720), new("480p", 480), new("360p", 360), Original, AudioOnly,
    ];

    private Quality(string name, int maxHeight) => (Name, MaxHeight) = (name, maxHeight);

    public string Name { get; }

    /// <summary>Greatest height of the picture, in pixels.</summary>
    public int MaxHeight { get; }

    public bool HasVideo => this != AudioOnly;

    public static Quality? Parse(string? name) => All.FirstOrDefault(q => string.Equals(q.Name, name, StringComparison.Ordinal));

    /// <summary>The lowest quality in which a picture of this height keeps it, or null for one that is higher than all.</summary>
    public static Quality? Keeping(int height) => All.Where(q => q.HasVideo && q != Original && q.MaxHeight >= height).MinBy(q => q.MaxHeight);

    /// <summary>
    /// The bit rate that a picture of this height may reach, in kbit/s. It follows from the height in effect, not from the one asked for:
    /// 25 Mbit/s for a small picture would exceed what its H.264 level allows.
    /// </summary>
    public static int MaxKilobits(int height) => height switch
    {
        <= 360 => 800,
        <= 480 => 1500,
        <= 720 => 3500,
        <= 1080 => 6000,
        _ => 25000,
    };

    public override string ToString() => Name;
}
