using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HlsCache.Core;

/// <summary>Reads documents that may be damaged, or written by another version.</summary>
internal static class StoredDocument
{
    /// <summary>The document, or null for one that is not whole: it is then as if it were not there.</summary>
    public static T? Read<T>(byte[] json, JsonTypeInfo<T> type, Func<T, bool> isWhole)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) is { } document && isWhole(document) ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
