using System.Text.Json;

namespace HlsCache.Functions.Tests.Host;

/// <summary>An HTTP function, as its <c>function.json</c> tells the Functions host of it.</summary>
internal sealed record HttpFunction(string Name, string Route, string AuthLevel, IReadOnlyList<string> Methods)
{
    /// <summary>All that stand beside the executable.</summary>
    public static IReadOnlyList<HttpFunction> All { get; } =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "function.json", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetFileName(Path.GetDirectoryName(file)!), Bindings: Bindings(file)))
            .Where(f => f.Bindings[0].GetProperty("type").GetString() == "httpTrigger")
            .Select(f => Of(f.Name, f.Bindings))
            .OrderBy(f => f.Name, StringComparer.Ordinal),
    ];

    // With any other binding the host would send its own JSON in place of the request.
    private static HttpFunction Of(string name, JsonElement[] bindings)
    {
        var request = bindings[0];
        request.GetProperty("direction").GetString().ShouldBe("in", name);
        bindings.Length.ShouldBe(2, name);
        bindings[1].GetProperty("type").GetString().ShouldBe("http", name);
        bindings[1].GetProperty("direction").GetString().ShouldBe("out", name);
        return new(
            name,
            request.GetProperty("route").GetString()!,
            request.GetProperty("authLevel").GetString()!,
            [.. request.GetProperty("methods").EnumerateArray().Select(method => method.GetString()!)]);
    }

    private static JsonElement[] Bindings(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. document.RootElement.Clone().GetProperty("bindings").EnumerateArray()];
    }
}
