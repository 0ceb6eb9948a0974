using System.Diagnostics;
using System.Text;

namespace HlsCache.EndToEnd.Tests.Sources;

/// <summary>ffmpeg and ffprobe as tests use them: to make sources and to look at what came out.</summary>
internal static class Tool
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<(byte[] Output, string Errors)> FfmpegAsync(params IEnumerable<string> arguments) => RunAsync("ffmpeg", ["-v", "error", "-nostdin", .. arguments]);

    /// <summary>ffprobe's answer, a line an item.</summary>
    public static async Task<IReadOnlyList<string>> FfprobeAsync(params IEnumerable<string> arguments)
    {
        var (output, _) = await RunAsync("ffprobe", ["-v", "error", "-of", "csv=p=0", .. arguments]);
        return Encoding.UTF8.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static async Task<(byte[] Output, string Errors)> RunAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync(Token);
        await process.StandardOutput.BaseStream.CopyToAsync(output, Token);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', start.ArgumentList)}\n{await errors}");
        return (output.ToArray(), await errors);
    }
}
