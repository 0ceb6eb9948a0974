using System.Diagnostics;

namespace HlsCache.Core;

/// <summary>What the cache's spans and measurements are made with.</summary>
public static class Telemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "HlsCache";

    public static readonly ActivitySource Spans = new(Name);
}
