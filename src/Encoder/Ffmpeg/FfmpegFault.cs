namespace HlsCache.Encoder.Ffmpeg;

/// <summary>Tells a fault of the surroundings, which another try may not meet, from one of the film itself.</summary>
public static class FfmpegFault
{
    private const int FirstSignal = 129;
    private const int LastSignal = 159;

    // What ffmpeg itself exits with after an interrupt.
    private const int Interrupted = 255;

    private static readonly string[] Surroundings =
    [
        "Input/output error", "Read error", "Permission denied", "Operation not permitted", "No such file or directory", "No such device",
        "Not a directory", "Stale file handle", "Cannot allocate memory", "Too many open files", "Resource temporarily unavailable",
        "Device or resource busy", "Interrupted system call", "Connection timed out", "Connection reset by peer", "Host is down",
        "No route to host", "Network is unreachable", "Transport endpoint is not connected", "Remote I/O error", "Bad file descriptor",
        "No space left on device", "HTTP error", "Stream ends prematurely", "error while loading shared libraries",
    ];

    /// <summary>Whether the program was ended from outside or could not read, open or work: nothing that it says of the film counts then.</summary>
    /// <param name="input">What was opened: its name may look like a complaint.</param>
    public static bool IsPassing(FfmpegResult result, string input)
    {
        var errors = result.Errors.Replace(input, "", StringComparison.Ordinal);
        return result.ExitCode is (>= FirstSignal and <= LastSignal) or Interrupted
            || (result.ExitCode != 0 && errors.Length == 0)
            || Surroundings.Any(text => errors.Contains(text, StringComparison.Ordinal));
    }
}
