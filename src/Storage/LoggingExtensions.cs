using Microsoft.Extensions.Logging;

namespace HlsCache.Storage;

/// <summary>How both executables log: one line an event, on standard output.</summary>
public static class LoggingExtensions
{
    public static ILoggingBuilder AddHlsCacheConsole(this ILoggingBuilder logging) => logging
        // The web framework's request logs hold paths, and paths hold tokens.
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "HH:mm:ss.fff ", true));
}
