using System.Text.Json;

namespace HlsCache.Infra.Tests.Bicep;

/// <summary>Short ways into a document.</summary>
internal static class JsonPath
{
    /// <summary>Follows names with dots between them.</summary>
    public static JsonElement At(this JsonElement element, string path) =>
        path.Split('.').Aggregate(element, (e, name) => e.TryGetProperty(name, out var value) ? value : throw new ShouldAssertException($"{path}: there is no {name}."));

    public static string Text(this JsonElement element, string path) => element.At(path).GetString()!;

    /// <summary>The texts of a list.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement element, string path) => [.. element.At(path).EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>Every object in it, itself included.</summary>
    public static IEnumerable<JsonElement> Objects(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.Value.Objects()).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Objects),
        _ => [],
    };
}
