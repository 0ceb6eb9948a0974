using System.Globalization;

namespace HlsCache.Core.Keys;

/// <summary>Which audio track is wanted: a 0-based track, the default-flagged one (<c>-1</c>), or none.</summary>
public readonly record struct AudioChoice
{
    private const int NoneValue = -2;

    public static readonly AudioChoice Default = new(-1);
    public static readonly AudioChoice None = new(NoneValue);

    private readonly int value;

    private AudioChoice(int value) => this.value = value;

    public bool IsNone => value == NoneValue;

    /// <summary>Whether the source decides which track it is.</summary>
    public bool IsDefault => this == Default;

    /// <summary>The 0-based audio track, or null when the source's default is wanted.</summary>
    public int? Track => value >= 0 ? value : null;

    public static AudioChoice OfTrack(int track) => new(track);

    /// <summary>Reads <c>-1</c>, <c>0</c>, <c>1</c>, …, or <c>none</c>; anything else is null.</summary>
    public static AudioChoice? Parse(string? text) => text switch
    {
        null => null,
        "-1" => Default,
        "none" => None,
        // Only the canonical spelling: "+1" or "01" would make other keys of the same work.
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var track)
            && track.ToString(CultureInfo.InvariantCulture) == text => new AudioChoice(track),
        _ => null,
    };

    public override string ToString() => IsNone ? "none" : value.ToString(CultureInfo.InvariantCulture);
}
