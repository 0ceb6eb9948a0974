using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HlsCache.EndToEnd.Tests.Deployed;

/// <summary>What came back, byte for byte.</summary>
internal sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static async Task<Reply> ReadAsync(Stream stream, bool isHead, CancellationToken cancellationToken)
    {
        var status = (await LineAsync(stream, cancellationToken)).Split(' ');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var line = await LineAsync(stream, cancellationToken); line.Length > 0; line = await LineAsync(stream, cancellationToken))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return new(int.Parse(status[1], CultureInfo.InvariantCulture), headers, isHead ? "" : await BodyAsync(stream, headers, cancellationToken));
    }

    private static async Task<string> BodyAsync(Stream stream, Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (headers.TryGetValue("Content-Length", out var length))
        {
            return await TextAsync(stream, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        }

        var body = new StringBuilder();
        while (headers.ContainsKey("Transfer-Encoding") && int.Parse(await LineAsync(stream, cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.Append(await TextAsync(stream, size, cancellationToken));
            await LineAsync(stream, cancellationToken);
        }

        return body.ToString();
    }

    private static async Task<string> TextAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return Encoding.UTF8.GetString(bytes);
    }

    private static async Task<string> LineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (line.Length == 0 || line[^1] != '\n')
        {
            line.Append(await TextAsync(stream, 1, cancellationToken));
        }

        return line.ToString().TrimEnd();
    }
}
